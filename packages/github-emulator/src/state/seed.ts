import type { Files } from './git-objects.ts';
import type { App, Level, Owner, Permissions, Repository, RepositoryRole, State, Visibility } from './entities.ts';
import { headOf } from './refs.ts';
import { publicKeyOf, StateStore } from './state-store.ts';

/** The initial state of the emulator: `--seed file.json`, or `PUT /_emulator/seed`. */
export interface Seed {
  readonly app: SeedApp;
  readonly owners: readonly SeedOwner[];
  readonly repositories: readonly SeedRepository[];
  readonly installations: readonly SeedInstallation[];
}

export interface SeedApp {
  readonly id: number;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly callbackUrls?: readonly string[];
  readonly slug: string;
  readonly name?: string;
  /** PEM. One of the two keys is required. Only the public half of a private key is stored. */
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
  readonly members?: Owner['members'];
  readonly teams?: Owner['teams'];
}

export interface SeedRepository {
  readonly owner: string;
  readonly name: string;
  readonly id?: number;
  readonly defaultBranch?: string;
  readonly visibility?: Visibility;
  /** Role by login. */
  readonly collaborators?: Readonly<Record<string, RepositoryRole>>;
  readonly archived?: boolean;
  readonly disabled?: boolean;
  readonly locked?: boolean;
  /** Whether issues are enabled. Default: true. */
  readonly issues?: boolean;
  /** Absent: an empty repository. */
  readonly branches?: Readonly<Record<string, { readonly files: Files }>>;
  /** The branch whose head each tag points to, by tag name. */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface SeedInstallation {
  readonly id: number;
  readonly account: string;
  readonly repositories: 'all' | readonly string[];
  /** Permissions granted to the installation. Default: all that the App requests. */
  readonly permissions?: Readonly<Record<string, Level>>;
}

const APP_PERMISSIONS: Permissions = { metadata: 'read', contents: 'read', actions: 'write', issues: 'write' };

/** Creates the state of a seed. Throws an error that names what is invalid in the seed. */
export function stateFromSeed(seed: Seed, now: () => number): State {
  for (const part of ['app', 'owners', 'repositories', 'installations'] as const) {
    if (seed[part] === undefined) {
      throw new Error(`The seed has no "${part}". It requires "app", "owners", "repositories" and "installations".`);
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
    checkSuites: [],
    checkRuns: [],
    deliveries: [],
    counters: {},
    clockOffsetMs: 0,
  };
  const store = new StateStore(state, now);
  seed.owners.forEach((owner) => addOwner(store, owner));
  ensureBot(store);
  seed.repositories.forEach((repository) => addRepository(store, repository));
  seed.installations.forEach((installation) => setInstallation(store, installation));
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
    ...(app.clientSecret === undefined ? {} : { clientSecret: app.clientSecret }),
    ...(app.callbackUrls === undefined ? {} : { callbackUrls: [...app.callbackUrls] }),
    permissions: { ...(app.permissions ?? APP_PERMISSIONS) },
    events: [...(app.events ?? ['workflow_run'])],
    webhook: { url: app.webhookUrl ?? null, secret: app.webhookSecret ?? '' },
    createdAt: new Date(now()).toISOString(),
  };
}

export function addOwner(store: StateStore, { login, type = 'Organization', id, members, teams }: SeedOwner): Owner {
  const owner: Owner = {
    login,
    type,
    id: id ?? store.owner(login)?.id ?? store.nextId('owner'),
    ...(members === undefined ? {} : { members }),
    ...(teams === undefined ? {} : { teams }),
  };
  store.state.owners = [...store.state.owners.filter((other) => other.login !== login), owner];
  return owner;
}

/** Adds the App's bot user when it is missing, as after a restart with another App slug. */
export function ensureBot(store: StateStore): void {
  const login = `${store.state.app.slug}[bot]`;
  if (store.owner(login) === undefined) {
    addOwner(store, { login, type: 'Bot' });
  }
}

/**
 * Adds a repository, or replaces the one with the same name. Runs and issues of the replaced repository stay, because
 * they refer to its id, which is kept.
 */
export function addRepository(store: StateStore, seed: SeedRepository): Repository {
  if (store.owner(seed.owner) === undefined) {
    throw new Error(
      `The repository ${seed.owner}/${seed.name} has no owner: add {"login": "${seed.owner}"} to "owners".`,
    );
  }
  const replaced = store.repository(seed.owner, seed.name);
  const repository: Repository = {
    id: seed.id ?? replaced?.id ?? store.nextId('repository'),
    owner: seed.owner,
    name: seed.name,
    defaultBranch: seed.defaultBranch ?? 'main',
    visibility: seed.visibility ?? 'private',
    ...(seed.collaborators === undefined ? {} : { collaborators: { ...seed.collaborators } }),
    archived: seed.archived ?? false,
    disabled: seed.disabled ?? false,
    locked: seed.locked ?? false,
    fork: false,
    issuesEnabled: seed.issues ?? true,
    branches: {},
    tags: {},
    commits: {},
    workflows: replaced?.workflows ?? [],
    createdAt: replaced?.createdAt ?? store.timestamp(),
    pushedAt: store.timestamp(),
  };
  const branches = Object.entries(seed.branches ?? {});
  // The default branch first: the others start at it.
  const isDefault = ([name]: readonly [string, unknown]) => name === repository.defaultBranch;
  for (const [branch, { files }] of [...branches.filter(isDefault), ...branches.filter((one) => !isDefault(one))]) {
    store.commit(repository, branch, files, `Set up ${seed.name}`);
  }
  for (const [tag, branch] of Object.entries(seed.tags ?? {})) {
    repository.tags[tag] = headOf(repository, branch);
  }
  store.state.repositories = [...store.state.repositories.filter((other) => other !== replaced), repository];
  return repository;
}

/** Adds an installation, or replaces the one with the same id. */
export function setInstallation(store: StateStore, seed: SeedInstallation): void {
  if (store.owner(seed.account) === undefined) {
    throw new Error(`Installation ${seed.id} has no account: add {"login": "${seed.account}"} to "owners".`);
  }
  const replaced = store.installation(seed.id);
  const installation = {
    id: seed.id,
    account: seed.account,
    repositories: seed.repositories === 'all' ? ('all' as const) : [...seed.repositories],
    permissions: { ...(seed.permissions ?? store.state.app.permissions) },
    suspendedAt: null,
    createdAt: replaced?.createdAt ?? store.timestamp(),
  };
  store.state.installations = [...store.state.installations.filter((other) => other !== replaced), installation];
}
