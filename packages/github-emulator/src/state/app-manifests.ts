import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { parseJsonOrNull, record, stringOrNull } from '../common/json-values.ts';
import { ensureBot } from './seed.ts';
import type { App, Level, Permissions } from './entities.ts';
import { publicKeyOf, type StateStore } from './state-store.ts';

/** The settings that an App manifest requests. */
export interface Manifest {
  readonly name: string;
  readonly redirectUrl: string;
  /** Null when the manifest requests no webhook or an inactive one. */
  readonly webhookUrl: string | null;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly callbackUrls: readonly string[];
}

const MAX_NAME_LENGTH = 34;
const CODE_VALIDITY_MS = 3_600_000;
const LEVELS: readonly unknown[] = ['read', 'write', 'admin'] satisfies Level[];

/** The permission that an App needs to subscribe to an event, for the events that concern Dispatcher. */
export const PERMISSION_BY_EVENT: Readonly<Record<string, string>> = {
  check_run: 'checks',
  check_suite: 'checks',
  issues: 'issues',
  pull_request: 'pull_requests',
  push: 'contents',
  workflow_dispatch: 'contents',
  workflow_job: 'actions',
  workflow_run: 'actions',
};

/** Returns the manifest of the form field, or the messages about what is invalid in it. */
export function parseManifest(text: string | null): Manifest | readonly string[] {
  const fields = record(parseJsonOrNull(text ?? ''));
  const hook = record(fields['hook_attributes']);
  const permissions = record(fields['default_permissions']);
  const events = Array.isArray(fields['default_events']) ? fields['default_events'].map(String) : [];
  const callbackUrls: readonly unknown[] = Array.isArray(fields['callback_urls']) ? fields['callback_urls'] : [];
  const name = stringOrNull(fields['name']) ?? '';
  const problems = [
    ...(name === '' ? ['Name can’t be blank'] : []),
    ...(name.length > MAX_NAME_LENGTH ? [`Name is too long (maximum is ${MAX_NAME_LENGTH} characters)`] : []),
    ...['url', 'redirect_url']
      .filter((field) => !isWebUrl(fields[field]))
      .map((field) => `${field} must be a valid URL`),
    ...('hook_attributes' in fields && !isWebUrl(hook['url']) ? ['hook_attributes.url must be a valid URL'] : []),
    ...callbackUrls.filter((url) => !isWebUrl(url)).map(() => 'callback_urls must be valid URLs'),
    ...Object.entries(permissions)
      .filter(([, level]) => !LEVELS.includes(level))
      .map(([permission]) => `default_permissions.${permission} must be read, write or admin`),
    ...events
      .filter(
        (event) => PERMISSION_BY_EVENT[event] !== undefined && permissions[PERMISSION_BY_EVENT[event]] === undefined,
      )
      .map((event) => `Default events are not supported by permissions: ${event}`),
  ];
  if (problems.length > 0) {
    return problems;
  }
  return {
    name,
    redirectUrl: String(fields['redirect_url']),
    webhookUrl: hook['active'] === false ? null : stringOrNull(hook['url']),
    permissions: { ...(permissions as Permissions), metadata: 'read' },
    events,
    callbackUrls: callbackUrls.map(String),
  };
}

function isWebUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? '');
}

/** A manifest that the account's owner has confirmed. */
export interface PendingRegistration {
  readonly manifest: Manifest;
  readonly owner: string;
}

/** The codes of registrations that were confirmed but not converted yet. A code is valid once, for one hour. */
export class PendingManifests {
  readonly #pending = new Map<string, PendingRegistration & { readonly until: number }>();

  add(registration: PendingRegistration, now: number): string {
    const code = randomBytes(20).toString('hex');
    this.#pending.set(code, { ...registration, until: now + CODE_VALIDITY_MS });
    return code;
  }

  take(code: string, now: number): PendingRegistration | null {
    const found = this.#pending.get(code);
    this.#pending.delete(code);
    return found === undefined || found.until <= now ? null : found;
  }
}

/**
 * Replaces the emulated App by the one of the manifest. Deletes the installations of the previous App and their tokens.
 * Returns the private key, which is not stored.
 */
export async function registerApp(
  store: StateStore,
  { manifest, owner }: PendingRegistration,
): Promise<{ readonly pem: string }> {
  const { privateKey: pem } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const id = store.nextId('app');
  const app: App = {
    id,
    clientId: `Iv23liEmulator${id}`,
    clientSecret: randomBytes(20).toString('hex'),
    callbackUrls: [...manifest.callbackUrls],
    slug: manifest.name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    name: manifest.name,
    owner,
    publicKey: publicKeyOf(pem),
    permissions: manifest.permissions,
    events: [...manifest.events],
    webhook: { url: manifest.webhookUrl, secret: randomBytes(20).toString('hex') },
    createdAt: store.timestamp(),
  };
  Object.assign(store.state, { app, installations: [], tokens: {} });
  ensureBot(store);
  return { pem };
}
