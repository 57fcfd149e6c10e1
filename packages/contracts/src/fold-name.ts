/**
 * Returns a name of an owner, a repository or `owner/name` in the form in which names are compared and used as keys:
 * GitHub ignores their case. It folds ASCII characters only, because `toLowerCase` turns the Kelvin sign into a plain `k`,
 * and a look-alike name would compare equal. Use it wherever names are compared or used as keys.
 */
export function foldName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (upper) => upper.toLowerCase());
}

/** Returns whether GitHub treats two names as the same. */
export function sameName(a: string, b: string): boolean {
  return foldName(a) === foldName(b);
}
