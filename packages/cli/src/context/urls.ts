import { UsageError } from '../command.ts';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

export function isLoopback({ hostname }: URL): boolean {
  return loopback.has(hostname);
}

/** Returns where GitHub sends webhooks. @param base the URL of Dispatcher; ends in a slash */
export function webhookUrlOf(base: URL): string {
  return new URL('webhooks/github', base).href;
}

/** Returns where GitHub sends people who sign in. @param base the URL of Dispatcher; ends in a slash */
export function callbackUrlOf(base: URL): string {
  return new URL('auth/callback', base).href;
}

/**
 * Parses `--url`, or another address of Dispatcher.
 * @throws UsageError if it is not a URL, or if credentials would be sent unencrypted over a network
 */
export function readUrl(text: string, name = '--url'): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(
      `${name} ${text} is not a URL: write https://HOST, or http://127.0.0.1:3000 for this machine.`,
    );
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw new UsageError(
      `${name} ${text}: use https, because http would send the admin API's credentials unencrypted.`,
    );
  }
  return new URL(url.href.replace(/[?#].*$/, '').replace(/\/*$/, '/'));
}
