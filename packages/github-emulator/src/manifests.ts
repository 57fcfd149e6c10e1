import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { parsedOrNull, record, textOrNull } from './json.ts';
import { ensureBot } from './seed.ts';
import type { App, Level, Permissions } from './state.ts';
import { publicKeyOf, type World } from './world.ts';

/** What a manifest asks for, and the account that the App is to belong to. */
export interface Manifest {
  readonly name: string;
  readonly redirectUrl: string;
  /** Null where the manifest asks for no webhook, or for one that is not active. */
  readonly webhookUrl: string | null;
  readonly permissions: Permissions;
  readonly events: readonly string[];
}

const NAME_LENGTH = 34;
const CODE_LIFE_MS = 3_600_000;
const LEVELS: readonly unknown[] = ['read', 'write', 'admin'] satisfies Level[];

/** The events an App may only subscribe to with a permission; of the events, only what Dispatcher has to do with. */
const NEEDED_BY_EVENT: Readonly<Record<string, string>> = {
  workflow_run: 'actions',
  workflow_job: 'actions',
  workflow_dispatch: 'contents',
  issues: 'issues',
};

/** The manifest of the form's field, or the sentences that say what is wrong with it. */
export function readManifest(text: string | null): Manifest | readonly string[] {
  const given = record(parsedOrNull(text ?? ''));
  const hook = record(given['hook_attributes']);
  const permissions = record(given['default_permissions']);
  const events = Array.isArray(given['default_events']) ? given['default_events'].map(String) : [];
  const name = textOrNull(given['name']) ?? '';
  const wrong = [
    ...(name === '' ? ['Name can’t be blank'] : []),
    ...(name.length > NAME_LENGTH ? [`Name is too long (maximum is ${NAME_LENGTH} characters)`] : []),
    ...['url', 'redirect_url']
      .filter((field) => !isWebUrl(given[field]))
      .map((field) => `${field} must be a valid URL`),
    ...('hook_attributes' in given && !isWebUrl(hook['url']) ? ['hook_attributes.url must be a valid URL'] : []),
    ...Object.entries(permissions)
      .filter(([, level]) => !LEVELS.includes(level))
      .map(([permission]) => `default_permissions.${permission} must be read, write or admin`),
    ...events
      .filter((event) => NEEDED_BY_EVENT[event] !== undefined && permissions[NEEDED_BY_EVENT[event]] === undefined)
      .map((event) => `Default events are not supported by permissions: ${event}`),
  ];
  if (wrong.length > 0) {
    return wrong;
  }
  return {
    name,
    redirectUrl: String(given['redirect_url']),
    webhookUrl: hook['active'] === false ? null : textOrNull(hook['url']),
    permissions: { ...(permissions as Permissions), metadata: 'read' },
    events,
  };
}

function isWebUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? '');
}

export interface Registration {
  readonly manifest: Manifest;
  readonly owner: string;
}

/** Codes of Apps that were agreed to and not converted yet. A code works once, for an hour. */
export class PendingManifests {
  readonly #pending = new Map<string, Registration & { readonly until: number }>();

  add(registration: Registration, now: number): string {
    const code = randomBytes(20).toString('hex');
    this.#pending.set(code, { ...registration, until: now + CODE_LIFE_MS });
    return code;
  }

  take(code: string, now: number): Registration | null {
    const found = this.#pending.get(code);
    this.#pending.delete(code);
    return found === undefined || found.until <= now ? null : found;
  }
}

/**
 * Makes the App of a manifest the one that is emulated. It is installed nowhere yet, so the installations of the App
 * before it are gone with their tokens. The private key is given back and not kept.
 */
export async function registerApp(world: World, { manifest, owner }: Registration): Promise<{ readonly pem: string }> {
  const { privateKey: pem } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const id = world.nextId('app');
  const app: App = {
    id,
    clientId: `Iv23liEmulator${id}`,
    slug: manifest.name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    name: manifest.name,
    owner,
    publicKey: publicKeyOf(pem),
    permissions: manifest.permissions,
    events: [...manifest.events],
    webhook: { url: manifest.webhookUrl, secret: randomBytes(20).toString('hex') },
    createdAt: world.timestamp(),
  };
  Object.assign(world.state, { app, installations: [], tokens: {} });
  ensureBot(world);
  return { pem };
}
