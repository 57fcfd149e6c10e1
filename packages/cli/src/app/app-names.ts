import { UsageError } from '../command.ts';
import type { Values } from '../context/env-file.ts';
import { callbackUrlOf, isLoopback, webhookUrlOf } from '../context/urls.ts';
import { maxNameLength } from './manifest.ts';

const publicApi = 'https://api.github.com';

/** The webhook URL of an App for this machine. RFC 2606 reserves the name: it never resolves. */
const unreachableWebhook = 'https://dispatcher.invalid/webhooks/github';

export interface GitHubAddresses {
  readonly apiUrl: string;
  readonly webUrl: string;
  /** The variables that the environment file needs. */
  readonly variables: Values;
}

/** Derives the URLs of GitHub's pages and API from `GITHUB_API_URL`; GitHub Enterprise Server serves its API under its own host. */
export function gitHubAddressesOf(configured: string | undefined): GitHubAddresses {
  const apiUrl = (configured ?? publicApi).replace(/\/+$/, '');
  if (apiUrl === publicApi) return { apiUrl, webUrl: 'https://github.com', variables: {} };
  if (URL.parse(apiUrl) === null) throw new UsageError(`GITHUB_API_URL is ${apiUrl}: write https://HOST/api/v3.`);
  const dataResidency = /^https:\/\/api\.([\w-]+\.ghe\.com)$/.exec(apiUrl)?.[1];
  const webUrl = dataResidency === undefined ? apiUrl.replace(/\/api\/v3$/, '') : `https://${dataResidency}`;
  return { apiUrl, webUrl, variables: { GITHUB_API_URL: apiUrl } };
}

export interface NamingOptions {
  readonly name?: string | undefined;
  readonly organization?: string | undefined;
  readonly environment?: string | undefined;
  /** The URL of Dispatcher. */
  readonly url?: URL | undefined;
  /** The port of Dispatcher on this machine. */
  readonly port: string;
  /** A channel that forwards webhooks to this machine. */
  readonly channel?: string | undefined;
  readonly webUrl: string;
}

/** Returns the App's name, home page and webhook URL. */
export function appNamesOf(options: NamingOptions): {
  readonly name: string;
  readonly homepage: string;
  readonly webhookUrl: string;
  /** Where GitHub sends people who sign in. */
  readonly callbackUrl: string;
} {
  const { organization, environment = 'local', url, port, channel, webUrl } = options;
  const name = options.name ?? ['Dispatcher', organization ?? '', environment].join(' ').replaceAll('  ', ' ');
  if (options.name !== undefined && name.length > maxNameLength) {
    throw new UsageError(`--name has ${name.length} characters; GitHub allows at most ${maxNameLength}.`);
  }
  return {
    name: name.slice(0, maxNameLength).trim(),
    homepage: url === undefined || isLoopback(url) ? `${webUrl}/${organization ?? ''}` : url.href,
    webhookUrl: appWebhookUrlOf(url, channel, webUrl),
    callbackUrl: callbackUrlOf(url ?? new URL(`http://127.0.0.1:${port}/`)),
  };
}

/** GitHub cannot reach this machine; an emulated GitHub on it can. */
function appWebhookUrlOf(url: URL | undefined, channel: string | undefined, webUrl: string): string {
  if (url !== undefined && (!isLoopback(url) || isLoopback(new URL(webUrl)))) return webhookUrlOf(url);
  return channel ?? unreachableWebhook;
}
