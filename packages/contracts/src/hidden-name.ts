/** Stands in responses in place of the name and the workflow of a repository that the viewer may not see. */
export const hiddenName = '(hidden)';
