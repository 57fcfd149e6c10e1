/** What the API writes in place of the name of a repository that the viewer may not see. */
// Not imported from the contracts, which would add their schemas to the first load.
export const hiddenName = '(hidden)';
