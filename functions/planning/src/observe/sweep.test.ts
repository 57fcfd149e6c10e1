import type { Fact, RepositorySnapshot } from '@dispatcher/contracts';
import { readFile, readRepository } from '@dispatcher/contracts/testing';
import { GitHubRateLimitedError, GitHubUnreachableError } from '@dispatcher/github';
import { consentGraph, createCompileCache, observeConfig } from '@dispatcher/rules';
import { createFactStore, createStateStore, type SweepProgress } from '@dispatcher/store';
import { createMemoryDynamo } from '@dispatcher/store/testing';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createConfigObserver } from './config-observer.ts';
import { intervalMs, requestSweep, type SweepDependencies, sweepRepositories } from './sweep.ts';

interface Repository {
  readonly id: number;
  owner: string;
  name: string;
  text: string | null;
  isArchived: boolean;
  isPublic: boolean;
}

const texts = [
  null,
  'inbound: 5\n',
  'outbound:\n  - source: { workflow: ci.yml }\n    targets: [{ repository: octo/b, workflow: cd.yml }]\n',
  'inbound:\n  - source: { repository: octo/a, workflow: ci.yml }\n    targets: [{ workflow: cd.yml }]\n',
  "inbound:\n  - source: { repository: 'partner/*', workflow: ci.yml }\n    targets: [{ workflow: cd.yml }]\n",
];
const app = { id: 4711, name: 'Dispatcher', url: 'https://github.com/apps/dispatcher' };
const settingsUrlOf = (installationId: number) => `https://github.com/settings/installations/${installationId}`;
const perPage = 3;
const log = { info: () => {}, warn: () => {}, error: () => {}, with: () => log };
const meter = { count: () => {}, milliseconds: () => {} };

/** Creates GitHub with two installations, and what observes it. */
function createWorld({ pageSize = perPage } = {}) {
  const memory = createMemoryDynamo();
  const client = memory.newClient();
  const clock = { now: Date.parse('2026-11-03T14:00:00.000Z') };
  const now = () => clock.now;
  const repositories = new Map<number, Repository>();
  const installations = new Map<number, string>([
    [1, 'octo'],
    [2, 'partner'],
  ]);
  /** Since when, by installation id. */
  const suspensions = new Map<number, string>();
  const facts: Fact[] = [];
  const progress: SweepProgress[] = [];
  const requests = { rest: 0, graphql: 0 };
  /** Set: the next request, or the next publication, fails with this. */
  const failing: { request: Error | null; publish: boolean } = { request: null, publish: false };
  /** Installations for which GitHub answers every request with 502. */
  const broken = new Set<number>();
  /** Names of repositories whose reads always fail, although GitHub responds. */
  const unreadable = new Set<string>();
  let nextId = 1;
  let nextInstallation = 3;

  const ownerOf = (installationId: number) => installations.get(installationId) ?? null;
  const find = (owner: string, name: string) =>
    [...repositories.values()].find((each) => each.owner === owner && each.name === name);
  function snapshotOf(installationId: number, owner: string, name: string): RepositorySnapshot {
    const found = find(owner, name);
    const isVisible = found !== undefined && (found.isPublic || found.owner === ownerOf(installationId));
    if (!isVisible) return { state: 'absent' };
    const { id, text, isArchived, isPublic } = found;
    const file = text === null ? ({ state: 'absent' } as const) : readFile(`blob-${texts.indexOf(text)}`, text);
    const visibility = isPublic ? 'public' : 'private';
    return readRepository(`${owner}/${name}`, file, { id, isArchived, visibility, installationId });
  }
  function failOnce(): void {
    const error = failing.request;
    failing.request = null;
    if (error !== null) throw error;
  }
  function failIfBroken(installationId: number): void {
    if (broken.has(installationId)) throw new GitHubUnreachableError('GitHub responded with 502.', 502);
  }

  const state = createStateStore({ client, table: 'state', now });
  const bus = {
    publish: async (published: readonly Fact[]) => {
      if (failing.publish) {
        failing.publish = false;
        throw new Error('The bus is down.');
      }
      facts.push(...published);
    },
  };
  const newObserver = () =>
    createConfigObserver({ observations: state.observations, cache: createCompileCache(), bus, log, now });
  const deps: SweepDependencies = {
    sweeps: state.sweep,
    observations: state.observations,
    configs: newObserver(),
    inventory: {
      installations: async (page) => {
        failOnce();
        const all = [...installations].map(([installationId, account]) => ({
          installationId,
          account,
          settingsUrl: settingsUrlOf(installationId),
          suspendedAt: suspensions.get(installationId) ?? null,
        }));
        return {
          installations: all.slice((page - 1) * pageSize, page * pageSize),
          isLast: all.length <= page * pageSize,
        };
      },
      access: async (installationId) => {
        failOnce();
        failIfBroken(installationId);
        requests.rest += 2;
        const granted = { permissions: { contents: 'read' }, events: ['workflow_run'] };
        return { app, granted, requested: granted, selection: 'selected' };
      },
      repositories: async (installationId, page) => {
        failOnce();
        failIfBroken(installationId);
        requests.rest += 1;
        const all = [...repositories.values()].filter(({ owner }) => owner === ownerOf(installationId));
        const own = all.slice((page - 1) * pageSize, page * pageSize);
        return { repositories: own, total: all.length, isLast: own.length < pageSize };
      },
    },
    createReader: (onRequest) => {
      let reads = 0;
      return {
        readSource: async ({ installationId, owner, name }) => {
          if (reads % 25 === 0) {
            failOnce();
            onRequest();
            requests.graphql += 1;
          }
          reads += 1;
          // As the real reader, which reports an outage and does not throw.
          if (broken.has(installationId) || unreadable.has(name))
            return { state: 'unknown', reason: 'GitHub responded with 502.', unreachable: { retryAt: null } };
          return snapshotOf(installationId, owner, name);
        },
      };
    },
    pointLimitOf: () => 5_000,
    progress: { setProgress: async (each) => void progress.push(each) },
    meter,
    log,
    now,
  };

  return {
    broken,
    unreadable,
    clock,
    deps,
    facts,
    failing,
    installations,
    memory,
    progress,
    repositories,
    requests,
    state,
    suspensions,
    newObserver,
    snapshotOf,
    create(owner: string, name: string, text: string | null = null): void {
      if (find(owner, name) !== undefined) return;
      repositories.set(nextId, { id: nextId, owner, name, text, isArchived: false, isPublic: false });
      nextId += 1;
    },
    move(repository: Repository, owner: string, name: string): void {
      if (find(owner, name) === undefined) Object.assign(repository, { owner, name });
    },
    uninstall(installationId: number): void {
      installations.delete(installationId);
    },
    install(owner: string): void {
      if ([...installations.values()].includes(owner)) return;
      installations.set(nextInstallation, owner);
      nextInstallation += 1;
    },
    /** Runs one tick of the schedule, with time for so many steps. */
    async tick(steps = 1_000): Promise<void> {
      let left = steps;
      await sweepRepositories({ ...deps, configs: newObserver() }, () => (left -= 1) >= 0);
      clock.now += 60_000;
    },
    /** Runs ticks until a sweep that begins now has ended. */
    async sweepOnce(): Promise<number> {
      clock.now += intervalMs;
      const beganAt = clock.now;
      let ticks = 0;
      for (let isDone = false; !isDone; ticks += 1) {
        await this.tick();
        const sweep = await state.sweep.getSweep();
        isDone = sweep !== null && sweep.startedAt === null && Date.parse(sweep.nextAt) > beganAt + intervalMs - 1;
        if (ticks > 10_000) throw new Error(`The sweep does not end: ${JSON.stringify(sweep)}`);
      }
      return ticks;
    },
    /** Records the facts and returns what the index has of each repository that is not gone, by id. */
    async index() {
      const store = createFactStore({ client, table: 'facts', projectionsTable: 'projections', now });
      await store.recordFacts(facts.toReversed());
      await store.rollUp.fold();
      const configs = await store.consentIndex.configs();
      return configs
        .filter(({ state: each }) => each !== 'gone')
        .map((config) => ({ ...config, observedAt: '', formerNames: [] }))
        .toSorted((a, b) => a.repositoryId - b.repositoryId);
    },
    /** Returns what the index must have: what each repository of each installation says now. */
    model() {
      return [...installations].flatMap(([installationId, account]) =>
        [...repositories.values()]
          .filter(({ owner }) => owner === account)
          .flatMap(({ owner, name }) => {
            const snapshot = snapshotOf(installationId, owner, name);
            const observed = snapshot.state === 'read' ? observeConfig(snapshot) : null;
            return observed === null ? [] : [{ ...observed, observedAt: '', formerNames: [] as string[] }];
          }),
      );
    },
  };
}
type World = ReturnType<typeof createWorld>;

const numbers = (world: World) => world.progress.filter(({ state }) => state === 'done').at(-1);

describe('a sweep', () => {
  test('records what every repository of every installation says, over several pages and ticks', async () => {
    const world = createWorld();
    for (let at = 0; at < 8; at += 1) world.create('octo', `r${at}`, texts[at % texts.length] ?? null);
    world.create('partner', 'a', texts[2] ?? null);
    await world.sweepOnce();
    expect(await world.index()).toEqual(world.model().toSorted((a, b) => a.repositoryId - b.repositoryId));
    expect(world.progress.filter(({ state }) => state === 'done')).toMatchObject([
      { installationId: 1, account: 'octo', repositories: 8, read: 8, unread: 0, changed: 8, gone: 0, restRequests: 5 },
      { installationId: 2, account: 'partner', repositories: 1, read: 1, changed: 1 },
    ]);
  });

  test('publishes nothing for a repository that did not change', async () => {
    const world = createWorld();
    world.create('octo', 'a', texts[2] ?? null);
    await world.sweepOnce();
    await world.sweepOnce();
    expect(world.facts).toHaveLength(1);
    expect(numbers(world)).toMatchObject({ read: 0 });
  });

  test('finds what was deleted and what went to a stranger', async () => {
    const world = createWorld();
    for (const name of ['a', 'b', 'c']) world.create('octo', name);
    await world.sweepOnce();
    const [first, second] = [...world.repositories.values()];
    if (first === undefined || second === undefined) throw new Error('There are no repositories.');
    world.repositories.delete(first.id);
    world.move(second, 'stranger', 'b');
    await world.sweepOnce();
    const gone = world.facts.flatMap((fact) =>
      fact.type === 'config.observed' && fact.data.state === 'gone' ? [fact.data] : [],
    );
    expect(gone.map(({ repository }) => repository).sort()).toEqual(['octo/a', 'octo/b']);
    expect((await world.index()).map(({ repository }) => repository)).toEqual(['octo/c']);
  });

  test('after an uninstallation has nothing of it, and after the next installation all of it again', async () => {
    const world = createWorld();
    world.create('octo', 'a', texts[2] ?? null);
    await world.sweepOnce();
    world.uninstall(1);
    await world.sweepOnce();
    expect(await world.index()).toEqual([]);
    world.install('octo');
    await world.sweepOnce();
    expect(await world.index()).toMatchObject([{ repository: 'octo/a', installationId: 3, state: 'valid' }]);
  });

  test('of a suspended installation has nothing, says since when, and has all of it again once it is not suspended', async () => {
    const world = createWorld();
    world.create('octo', 'a');
    await world.sweepOnce();
    expect(world.progress.findLast(({ installationId }) => installationId === 1)).toMatchObject({
      account: 'octo',
      settingsUrl: settingsUrlOf(1),
      access: { app },
    });
    const suspendedAt = '2026-11-03T15:00:00.000Z';
    world.suspensions.set(1, suspendedAt);
    await requestSweep(world.deps, 1);
    await world.tick();
    expect(await world.index()).toEqual([]);
    const suspended = world.progress.at(-1);
    expect(suspended).toMatchObject({ account: 'octo', suspendedAt, settingsUrl: settingsUrlOf(1), state: 'done' });
    expect(suspended).not.toHaveProperty('access');
    world.suspensions.delete(1);
    await requestSweep(world.deps, 1);
    await world.tick();
    expect(await world.index()).toMatchObject([{ repository: 'octo/a' }]);
    expect(world.progress.at(-1)).not.toHaveProperty('suspendedAt');
  });

  test('uses at most 5 % of the GraphQL points in any hour, and continues in the next tick', async () => {
    const world = createWorld({ pageSize: 100 });
    for (let at = 0; at < 2_000; at += 1) world.create('octo', `r${at}`);
    const used: number[] = [];
    world.clock.now += intervalMs;
    for (let tick = 0; tick < 40; tick += 1) {
      const before = world.requests.graphql;
      await world.tick();
      used.push(world.requests.graphql - before);
    }
    expect(world.requests.graphql).toBe(80);
    // 21 pages of one installation and one of the other, and for each two requests for what the App may do.
    expect(world.requests.rest).toBe(26);
    // 250 points an hour are 4 of a minute, which read a hundred repositories.
    expect(Math.max(...used)).toBeLessThanOrEqual(5);
    expect(numbers(world)).toMatchObject({ repositories: 0 });
    expect((await world.index()).length).toBe(2_000);
  });

  test('pauses while GitHub rate-limits the App, and then continues where it was', async () => {
    const world = createWorld();
    for (const name of ['a', 'b', 'c', 'd']) world.create('octo', name);
    world.failing.request = new GitHubRateLimitedError('slow down', 403, {
      retryAfterMs: 30 * 60_000,
      scope: 'secondary',
      installationId: 1,
    });
    world.clock.now += intervalMs;
    await world.tick();
    await world.tick();
    expect(world.requests).toEqual({ rest: 0, graphql: 0 });
    world.clock.now += 30 * 60_000;
    for (let tick = 0; tick < 10; tick += 1) await world.tick();
    expect((await world.index()).length).toBe(4);
  });

  test('an installation that GitHub does not list is put aside: the others are swept, hints too, and it follows when GitHub does', async () => {
    const world = createWorld();
    world.create('octo', 'a');
    world.create('partner', 'b');
    world.broken.add(1);
    world.clock.now += intervalMs;
    for (let tick = 0; tick < 6; tick += 1) await world.tick();
    expect((await world.index()).map(({ repository }) => repository)).toEqual(['partner/b']);
    world.create('partner', 'new');
    await requestSweep(world.deps, 2);
    for (let tick = 0; tick < 6; tick += 1) await world.tick();
    expect((await world.index()).map(({ repository }) => repository)).toEqual(['partner/b', 'partner/new']);
    world.broken.clear();
    for (let tick = 0; tick < 6; tick += 1) await world.tick();
    expect((await world.index()).map(({ repository }) => repository)).toEqual(['octo/a', 'partner/b', 'partner/new']);
    expect(await world.state.sweep.getSweep()).toMatchObject({ startedAt: null, requested: [] });
  });

  test('an outage of every installation in the middle of a sweep skips none: all are swept soon after it', async () => {
    const world = createWorld();
    for (const name of ['a', 'b', 'c', 'd']) world.create('octo', name);
    world.create('partner', 'e');
    world.clock.now += intervalMs;
    await world.tick(3);
    world.broken.add(1).add(2);
    for (let tick = 0; tick < 60; tick += 1) await world.tick();
    expect(await world.index()).toEqual([]);
    world.broken.clear();
    for (let tick = 0; tick < 10; tick += 1) await world.tick();
    expect((await world.index()).length).toBe(5);
    expect(await world.state.sweep.getSweep()).toMatchObject({ startedAt: null, requested: [] });
  });

  test('an outage while files are read skips no repository: they are read once it is over', async () => {
    const world = createWorld();
    for (const name of ['a', 'b', 'c', 'd', 'e']) world.create('octo', name);
    world.clock.now += intervalMs;
    // Starts the sweep and the installation, reads its access and its three pages.
    await world.tick(6);
    world.broken.add(1);
    for (let tick = 0; tick < 60; tick += 1) await world.tick();
    const ended = world.progress.filter(({ installationId, state }) => installationId === 1 && state === 'done');
    expect(ended).toEqual([]);
    world.broken.clear();
    for (let tick = 0; tick < 30; tick += 1) await world.tick();
    expect((await world.index()).length).toBe(5);
    expect(world.progress.findLast(({ installationId }) => installationId === 1)).toMatchObject({
      state: 'done',
      unread: 0,
    });
  });

  test('of several installations that GitHub does not list, none is begun more often than every quarter of an hour', async () => {
    const world = createWorld();
    world.create('octo', 'a');
    world.create('partner', 'b');
    world.broken.add(1).add(2);
    world.clock.now += intervalMs;
    const begun = () =>
      new Set(world.progress.flatMap(({ installationId, startedAt }) => (installationId === 1 ? [startedAt] : [])))
        .size;
    for (let minute = 0; minute < 60; minute += 1) await world.tick();
    const before = begun();
    for (let minute = 0; minute < 60; minute += 1) await world.tick();
    expect(begun() - before).toBeLessThanOrEqual(4);
  });

  test('a page whose reads always fail although GitHub responds counts as unread, and the sweep goes on', async () => {
    const world = createWorld();
    for (const name of ['a', 'b', 'c', 'd']) world.create('octo', name);
    world.unreadable.add('a').add('b');
    world.clock.now += intervalMs;
    for (let tick = 0; tick < 6; tick += 1) await world.tick();
    expect((await world.index()).map(({ repository }) => repository)).toEqual(['octo/c', 'octo/d']);
    expect(world.progress.findLast(({ installationId }) => installationId === 1)).toMatchObject({
      state: 'done',
      unread: 2,
    });
  });

  test('the last installation of a full sweep is not put aside: nobody waits for it', async () => {
    const world = createWorld();
    world.create('partner', 'b');
    world.clock.now += intervalMs;
    world.broken.add(2);
    for (let tick = 0; tick < 20; tick += 1) await world.tick();
    expect(await world.state.sweep.getSweep()).toMatchObject({
      isFull: true,
      requested: [],
      current: { installationId: 2, failures: 20 },
    });
  });

  test('a step that fails twice is repeated, and what was listed before is not listed again', async () => {
    const world = createWorld();
    for (const name of ['a', 'b', 'c', 'd']) world.create('octo', name);
    world.clock.now += intervalMs;
    // Starts the sweep and the installation, reads its access and its first page.
    await world.tick(4);
    world.broken.add(1);
    await world.tick();
    await world.tick();
    world.broken.clear();
    for (let tick = 0; tick < 4; tick += 1) await world.tick();
    expect(world.progress.findLast(({ installationId }) => installationId === 1)).toMatchObject({
      state: 'done',
      repositories: 4,
      restRequests: 4,
    });
  });

  test('of two processes at once, one continues, and each repository is recorded once', async () => {
    const world = createWorld();
    for (const name of ['a', 'b', 'c', 'd', 'e']) world.create('octo', name, texts[2] ?? null);
    world.clock.now += intervalMs;
    for (let tick = 0; tick < 10; tick += 1) await Promise.all([world.tick(), world.tick()]);
    expect(new Set(world.facts.map(({ id }) => id)).size).toBe(5);
    expect((await world.index()).length).toBe(5);
  });

  test('begins at once with the installation that a hint is about', async () => {
    const world = createWorld();
    world.create('octo', 'a');
    world.create('partner', 'b');
    await world.sweepOnce();
    world.create('octo', 'new');
    world.create('partner', 'later');
    expect(await requestSweep(world.deps, 1)).toBe(true);
    expect(await requestSweep(world.deps, 1)).toBe(true);
    for (let tick = 0; tick < 5; tick += 1) await world.tick();
    expect((await world.index()).map(({ repository }) => repository)).toEqual(['octo/a', 'partner/b', 'octo/new']);
  });
});

const repository = fc.nat({ max: 7 });
const owner = fc.constantFrom('octo', 'partner', 'stranger');
const name = fc.constantFrom('a', 'b', 'c');
const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('push' as const), repository, text: fc.nat({ max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('create' as const), owner, name, text: fc.nat({ max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('move' as const), repository, owner, name }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('delete' as const, 'archive' as const, 'publish' as const),
      repository,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('install' as const), owner: fc.constantFrom('octo', 'partner') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('uninstall' as const), installation: fc.nat({ max: 3 }) }) },
  // A lost hint is one that no operation is followed by; a late one names a repository that has changed since.
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('hint' as const, 'plan' as const), repository, late: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('tick' as const), steps: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('bus-fails' as const, 'six-hours' as const) }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** Applies one operation. @param pending looks of late hints: with the name at the time of the webhook */
async function apply(world: World, of: Operation, pending: (() => Promise<unknown>)[]): Promise<void> {
  const at =
    'repository' in of
      ? [...world.repositories.values()][of.repository % Math.max(1, world.repositories.size)]
      : undefined;
  world.clock.now += 1_000;
  if (of.kind === 'create') return world.create(of.owner, of.name, texts[of.text] ?? null);
  if (of.kind === 'install') return world.install(of.owner);
  if (of.kind === 'uninstall') return world.uninstall([...world.installations.keys()][of.installation] ?? 0);
  if (of.kind === 'tick') return world.tick(of.steps).catch(() => undefined);
  if (of.kind === 'six-hours') return void (world.clock.now += intervalMs);
  if (of.kind === 'bus-fails') return void (world.failing.publish = true);
  if (at === undefined) return;
  if (of.kind === 'push') at.text = texts[of.text] ?? null;
  else if (of.kind === 'move') world.move(at, of.owner, of.name);
  else if (of.kind === 'delete') world.repositories.delete(at.id);
  else if (of.kind === 'archive') at.isArchived = !at.isArchived;
  else if (of.kind === 'publish') at.isPublic = !at.isPublic;
  else if (of.kind === 'hint' || of.kind === 'plan') {
    const { id, owner: account, name: repositoryName } = at;
    const [installationId] = [...world.installations].find(([, each]) => each === account) ?? [1];
    const look = async () => {
      const snapshot = world.snapshotOf(installationId, account, repositoryName);
      if (of.kind === 'plan') return world.newObserver().observeOfPlan([snapshot]);
      const isSame = snapshot.state === 'read' && snapshot.id === id;
      return isSame
        ? world
            .newObserver()
            .observe([snapshot], 'hint')
            .catch(() => undefined)
        : undefined;
    };
    if (of.late) pending.push(look);
    else await look();
  }
}

test('random histories of changes, with lost and late hints and crashes, equal a plain model after the next sweep', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 40 }), async (operations) => {
      const world = createWorld();
      const pending: (() => Promise<unknown>)[] = [];
      for (const initial of ['a', 'b']) world.create('octo', initial, texts[2] ?? null);
      world.create('partner', 'a', texts[3] ?? null);
      for (const [index, each] of operations.entries()) {
        await apply(world, each, pending);
        if (index % 7 === 6) for (const look of pending.splice(0)) await look();
      }
      for (const look of pending) await look();
      world.failing.publish = false;
      // One that is under way may have read some repositories before they changed.
      await world.sweepOnce();
      await world.sweepOnce();
      const index = await world.index();
      const model = world.model().toSorted((a, b) => a.repositoryId - b.repositoryId);
      expect(index).toEqual(model);
      expect(consentGraph(index)).toEqual(consentGraph(model));
      compared += model.length;
    }),
    { numRuns: 250 },
  );
  expect(compared).toBeGreaterThan(500);
});
