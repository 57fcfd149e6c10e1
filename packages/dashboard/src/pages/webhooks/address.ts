/** Returns the address that a sender needs: the pages and the webhooks have the same origin. */
export function addressOf({ path }: { readonly path: string }): string {
  return new URL(path, window.location.origin).href;
}
