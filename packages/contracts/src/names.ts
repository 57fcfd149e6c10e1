/**
 * An owner's, a repository's or an account's name, or `owner/name`, as it is compared and keyed: GitHub compares them
 * whatever their case. ASCII only, on purpose: `toLowerCase` makes a plain `k` of the Kelvin sign, so a look-alike name
 * would compare equal. Whatever compares or keys names does it by this: two foldings would not agree on what is the
 * same.
 */
export function foldName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export function sameName(a: string, b: string): boolean {
  return foldName(a) === foldName(b);
}
