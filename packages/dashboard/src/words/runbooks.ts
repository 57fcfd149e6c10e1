// Runbooks are named by file and heading, as in `alarms.md#outdated-data`.

/** Returns the name of the page of a runbook, and its heading; '' for the beginning. */
export function partsOfRunbook(runbook: string): { readonly page: string; readonly heading: string } {
  const [file = '', heading = ''] = runbook.split('#');
  return { page: file.replace(/\.md$/, ''), heading };
}

/** Returns the title of a runbook, or of its part, from its name: `Outdated data`. */
export function titleOfRunbook(runbook: string): string {
  const { page, heading } = partsOfRunbook(runbook);
  const words = (heading || page).replaceAll('-', ' ').replace(/\bgithub\b/, 'GitHub');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
