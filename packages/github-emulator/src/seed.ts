import type { Files } from './git.ts';
import type { App, Level, Owner, Permissions, Repository, State, Visibility } from './state.ts';
import { publicKeyOf, World } from './world.ts';

/** A small GitHub as a file: `--seed file.json`, or `PUT /_emulator/seed`. */
export interface Seed {
  readonly app: SeedApp;
  readonly owners: readonly SeedOwner[];
  readonly repositories: readonly SeedRepository[];
  readonly installations: readonly SeedInstallation[];
}

export interface SeedApp {
  readonly id: number;
  readonly clientId?: string;
  readonly slug: string;
  readonly name?: string;
  /** PEM. One of the two keys is needed; of a private key only the public half is kept. */
  readonly publicKey?: string;
  readonly privateKey?: string;
  readonly webhookUrl?: string | null;
  readonly webhookSecret?: string;
  readonly permissions?: Readonly<Permissions>;
  readonly events?: readonly string[];
}

export interface SeedOwner {
  readonly login: string;
  readonly type?: Owner['type'];
  readonly id?: number;
}

export interface SeedRepository {
  readonly owner: string;
  readonly name: string;
  readonly id?: number;
  readonly defaultBranch?: string;
  readonly visibility?: Visibility;
  readonly archived?: boolean;
  readonly disabled?: boolean;
  readonly locked?: boolean;
  /** Whether issues are enabled; they are unless this is false. */
  readonly issues?: boolean;
  /** No branches: an empty repository. */
  readonly branches?: Readonly<Record<string, { readonly files: Files }>>;
  /** Tag name → the branch whose head it points to. */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface SeedInstallation {
  readonly id: number;
  readonly account: string;
  readonly repositories: 'all' | readonly string[];
  /** Less than the App asks for, where the account's owner has not accepted all of it. Default: the App's. */
  readonly permissions?: Readonly<Record<string, Level>>;
}

const APP_PERMISSIONS: Permissions = { metadata: 'read', contents: 'read', actions: 'write', issues: 'write' };

/** Throws a sentence that names what is wrong in the seed. */
export function stateFromSeed(seed: Seed, now: () => number): State {
  for (const part of ['app', 'owners', 'repositories', 'installations'] as const) {
    if (seed[part] === undefined) {
      throw new Error(`The seed has no "${part}": it needs "app", "owners", "repositories" and "installations".`);
    }
  }
  const state: State = {
    app: appFromSeed(seed.app, now),
    owners: [],
    repositories: [],
    installations: [],
    tokens: {},
    runs: [],
    issues: [],
    deliveries: [],
    counters: {},
    clockOffsetMs: 0,
  };
  const world = new World(state, now);
  seed.owners.forEach((owner) => addOwner(world, owner));
  ensureBot(world);
  seed.repositories.forEach((repository) => addRepository(world, repository));
  seed.installations.forEach((installation) => setInstallation(world, installation));
  return state;
}

export function appFromSeed(app: SeedApp, now: () => number): App {
  const key = app.publicKey ?? app.privateKey;
  if (key === undefined) {
    throw new Error('The seed\'s "app" needs a "publicKey" or a "privateKey" (PEM).');
  }
  return {
    id: app.id,
    clientId: app.clientId ?? `Iv23liEmulator${app.id}`,
    slug: app.slug,
    name: app.name ?? app.slug,
    publicKey: publicKeyOf(key),
    permissions: { ...(app.permissions ?? APP_PERMISSIONS) },
    events: [...(app.events ?? ['workflow_run'])],
    webhook: { url: app.webhookUrl ?? null, secret: app.webhookSecret ?? '' },
    createdAt: new Date(now()).toISOString(),
  };
}

export function addOwner(world: World, { login, type = 'Organization', id }: SeedOwner): Owner {
  const owner = { login, type, id: id ?? world.nextId('owner') };
  world.state.owners = [...world.state.owners.filter((other) => other.login !== login), owner];
  return owner;
}

/** The user that acts for the App. A restart may name the App otherwise than the first start did. */
export function ensureBot(world: World): void {
  const login = `${world.state.app.slug}[bot]`;
  if (world.owner(login) === undefined) {
    addOwner(world, { login, type: 'Bot' });
  }
}

/**
 * Adds a repository, or replaces the one of that name. Runs and issues of a replaced one stay, since they hang on its
 * id.
 */
export function addRepository(world: World, seed: SeedRepository): Repository {
  if (world.owner(seed.owner) === undefined) {
    throw new Error(
      `The repository ${seed.owner}/${seed.name} has no owner: add {"login": "${seed.owner}"} to "owners".`,
    );
  }
  const replaced = world.repository(seed.owner, seed.name);
  const repository: Repository = {
    id: seed.id ?? replaced?.id ?? world.nextId('repository'),
    owner: seed.owner,
    name: seed.name,
    defaultBranch: seed.defaultBranch ?? 'main',
    visibility: seed.visibility ?? 'private',
    archived: seed.archived ?? false,
    disabled: seed.disabled ?? false,
    locked: seed.locked ?? false,
    fork: false,
    issuesEnabled: seed.issues ?? true,
    branches: {},
    tags: {},
    commits: {},
    workflows: replaced?.workflows ?? [],
    createdAt: replaced?.createdAt ?? world.timestamp(),
    pushedAt: world.timestamp(),
  };
  for (const [branch, { files }] of Object.entries(seed.branches ?? {})) {
    world.commit(repository, branch, files, `Set up ${seed.name}`);
  }
  for (const [tag, branch] of Object.entries(seed.tags ?? {})) {
    repository.tags[tag] = headOf(repository, branch);
  }
  world.state.repositories = [...world.state.repositories.filter((other) => other !== replaced), repository];
  return repository;
}

/** Adds an installation, or replaces the one of that id. */
export function setInstallation(world: World, seed: SeedInstallation): void {
  if (world.owner(seed.account) === undefined) {
    throw new Error(`Installation ${seed.id} has no account: add {"login": "${seed.account}"} to "owners".`);
  }
  const replaced = world.installation(seed.id);
  const installation = {
    id: seed.id,
    account: seed.account,
    repositories: seed.repositories === 'all' ? ('all' as const) : [...seed.repositories],
    permissions: { ...(seed.permissions ?? world.state.app.permissions) },
    suspendedAt: null,
    createdAt: replaced?.createdAt ?? world.timestamp(),
  };
  world.state.installations = [...world.state.installations.filter((other) => other !== replaced), installation];
}

export function headOf(repository: Repository, branch: string): string {
  const oid = repository.branches[branch];
  if (oid === undefined) {
    throw new Error(`${repository.owner}/${repository.name} has no branch "${branch}".`);
  }
  return oid;
}
