import { BadInput } from '../command.ts';
import { createEndpoint } from '../doctor/endpoint.ts';
import { isLoopback } from '../context/emulated-app.ts';
import type { Values } from '../context/env-file.ts';
import { nameLength } from './manifest.ts';

const publicApi = 'https://api.github.com';

/** Where an App for this machine sends its webhooks: to nobody. The name is kept free of owners (RFC 2606). */
const nowhere = 'https://dispatcher.invalid/webhooks/github';

export interface GitHubAddresses {
  readonly apiUrl: string;
  readonly webUrl: string;
  /** What the environment file must say of it. */
  readonly variables: Values;
}

/** GitHub's pages and its API, from `GITHUB_API_URL`. GitHub Enterprise Server has its API below its own address. */
export function githubOf(given: string | undefined): GitHubAddresses {
  const apiUrl = (given ?? publicApi).replace(/\/+$/, '');
  if (apiUrl === publicApi) return { apiUrl, webUrl: 'https://github.com', variables: {} };
  if (URL.parse(apiUrl) === null) throw new BadInput(`GITHUB_API_URL is ${apiUrl}: write https://HOST/api/v3.`);
  const dataResidency = /^https:\/\/api\.([\w-]+\.ghe\.com)$/.exec(apiUrl)?.[1];
  const webUrl = dataResidency === undefined ? apiUrl.replace(/\/api\/v3$/, '') : `https://${dataResidency}`;
  return { apiUrl, webUrl, variables: { GITHUB_API_URL: apiUrl } };
}

export interface Wishes {
  readonly name?: string | undefined;
  readonly organization?: string | undefined;
  readonly environment?: string | undefined;
  /** Where Dispatcher listens. */
  readonly url?: URL | undefined;
  /** A channel that brings webhooks to this machine. */
  readonly channel?: string | undefined;
  readonly webUrl: string;
}

export function namesOf(wishes: Wishes): {
  readonly name: string;
  readonly homepage: string;
  readonly webhookUrl: string;
} {
  const { organization, environment = 'local', url, channel, webUrl } = wishes;
  const name = wishes.name ?? ['Dispatcher', organization ?? '', environment].join(' ').replaceAll('  ', ' ');
  if (wishes.name !== undefined && name.length > nameLength) {
    throw new BadInput(`--name has ${name.length} characters; GitHub takes ${nameLength}.`);
  }
  return {
    name: name.slice(0, nameLength).trim(),
    homepage: url === undefined || isLoopback(url) ? `${webUrl}/${organization ?? ''}` : url.href,
    webhookUrl: webhookUrlOf(url, channel, webUrl),
  };
}

/** GitHub reaches no address of this machine; an emulated GitHub on it does. */
function webhookUrlOf(url: URL | undefined, channel: string | undefined, webUrl: string): string {
  if (url !== undefined && (!isLoopback(url) || isLoopback(new URL(webUrl)))) return createEndpoint(url).webhookUrl;
  return channel ?? nowhere;
}
