/** Resolved against, and never contacted. */
const base = 'http://site.invalid';
const maxLength = 2_000;

/**
 * Returns the path to show after a sign-in. Anything but a page of this site becomes the first page: an address of another
 * site would make the sign-in an open redirect, and a path of the sign-in a loop.
 */
export function wayBackOf(value: unknown): string {
  if (typeof value !== 'string' || value.length > maxLength || !value.startsWith('/')) return '/';
  if (!URL.canParse(value, base)) return '/';
  // Browsers drop tabs and line breaks and take a backslash for a slash; so does URL.
  const { origin, pathname, search, hash } = new URL(value, base);
  const path = `${pathname}${search}${hash}`;
  const isPage = origin === base && !pathname.startsWith('//') && !/^\/(auth|api)(\/|$)/i.test(pathname);
  // Compared again: URL encodes each character, and what does not fit into a cookie would be lost with it.
  return isPage && path.length <= maxLength ? path : '/';
}
