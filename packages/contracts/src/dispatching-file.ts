/** The paths at which Dispatcher looks for a file with rules, and those with the wrong extension, which it reports. */
export const dispatchingFilePaths: ReadonlySet<string> = new Set([
  'dispatching.yml',
  '.github/dispatching.yml',
  'dispatching.yaml',
  '.github/dispatching.yaml',
]);
