/** Whether a repository's name contains what was written, in any case. */
export const matchesName = (repository: string, text: string | undefined): boolean =>
  text === undefined || repository.toLowerCase().includes(text.toLowerCase());
