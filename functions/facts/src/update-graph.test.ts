import { type ConfigObserved, type Fact, factId, noCandidates } from '@dispatcher/contracts';
import { createRulesCache } from '@dispatcher/rules';
import { createCandidateStore, createFactStore, type FactStore } from '@dispatcher/store';
import { createMemoryDynamo, type MemoryDynamo } from '@dispatcher/store/testing';
import { beforeEach, expect, test } from '@jest/globals';
import { updateGraph } from './update-graph.ts';

let memory: MemoryDynamo;
let store: FactStore;
let observed: number;
let written: number[];
beforeEach(() => {
  memory = createMemoryDynamo();
  store = storeOf(memory.newClient());
  observed = 0;
  written = [];
});

type Client = ReturnType<MemoryDynamo['newClient']>;
const storeOf = (client: Client) => createFactStore({ client, table: 'facts', projectionsTable: 'projections' });

const log = {
  info: (_: string, fields?: object) => void written.push((fields as { written: number }).written),
  warn: () => undefined,
  error: () => undefined,
  with: () => log,
};
const meter = { count: () => undefined, milliseconds: () => undefined };
const update = (index = store.consentIndex, now = Date.parse('2026-11-03T15:00:00Z')) =>
  updateGraph({ index, cache: createRulesCache(), meter, log, now: () => now });

const asking = {
  outbound: [{ source: { workflow: 'ci.yml' }, targets: [{ repository: 'deploy', workflow: 'cd.yml' }] }],
};
const accepting = {
  inbound: [{ source: { repository: 'app', workflow: 'ci.yml' }, targets: [{ workflow: 'cd.yml' }] }],
};

function says(id: number, name: string, rules: object, state: ConfigObserved['data']['state'] = 'valid'): Fact {
  observed += 1;
  const data: ConfigObserved['data'] = {
    repositoryId: id,
    repository: `Octo-Org/${name}`,
    installationId: 7,
    visibility: 'private',
    isActive: true,
    defaultBranch: 'main',
    state,
    commit: 'c'.repeat(40),
    path: 'dispatching.yml',
    blobId: `blob-${observed}`,
    problems: [],
    rules: { outbound: [], inbound: [], ...rules },
    seenBy: 'sweep',
  };
  const time = new Date(Date.parse('2026-11-03T14:00:00Z') + observed * 1_000).toISOString();
  const own = factId('config.observed', observed);
  return { version: 1, id: own, type: 'config.observed', time, correlationId: own, data };
}

async function record(...facts: readonly Fact[]): Promise<void> {
  await store.recordFacts(facts);
  await store.rollUp.fold();
}

async function edges(): Promise<string[]> {
  const { items } = await store.graph('octo-org', {});
  return items.flatMap(({ outbound }) => outbound.map(({ state, target }) => `${state} ${target.repository}`));
}

test('the graph follows what repositories say, and lists each owner with its numbers', async () => {
  await record(says(1, 'app', asking), says(2, 'deploy', {}));
  await update();
  expect(await edges()).toEqual(['requested Octo-Org/deploy']);
  await record(says(2, 'deploy', accepting));
  await update();
  expect(await edges()).toEqual(['agreed Octo-Org/deploy']);
  expect((await store.graphOwners({})).items).toEqual([
    {
      owner: 'Octo-Org',
      repositories: 2,
      configured: 2,
      invalid: 0,
      agreed: 1,
      requested: 0,
      offered: 0,
      cycles: [],
      cycleCount: 0,
      installationIds: [7],
      builtAt: '2026-11-03T15:00:00.000Z',
    },
  ]);
  expect(await store.graphRepository('octo-org/DEPLOY')).toMatchObject({
    repositoryId: 2,
    inbound: [{ state: 'agreed' }],
  });
});

test('what the patterns of a source mean is stored for planning, and follows what the repositories say', async () => {
  const pattern = {
    outbound: [{ source: { workflow: 'ci.yml' }, targets: [{ repository: '*', workflow: 'cd.yml' }] }],
  };
  const index = createCandidateStore({ client: memory.newClient(), table: 'projections' });
  const candidates = () => index.getCandidates({ id: 1, owner: 'octo-ORG' });
  expect(await candidates()).toEqual(noCandidates);
  await record(says(1, 'app', pattern), says(2, 'deploy', accepting));
  await update();
  const listedAt = '2026-11-03T15:00:00.000Z';
  const deploy = { repositoryId: 2, name: 'deploy', workflows: ['cd.yml'] };
  expect(await candidates()).toEqual({ listedAt, isComplete: true, repositories: [deploy] });
  await record(says(2, 'deploy', {}));
  await update();
  expect(await candidates()).toEqual({ listedAt, isComplete: true, repositories: [] });
  await record(says(1, 'app', asking));
  await update();
  expect(await candidates()).toEqual(noCandidates);
});

test('without a new observation nothing is read or written', async () => {
  await record(says(1, 'app', asking));
  await update();
  await update();
  expect(written).toHaveLength(1);
});

test('an observation that changes one repository writes that repository and the owner only', async () => {
  await record(says(1, 'app', asking), says(2, 'deploy', accepting), says(3, 'tool', {}));
  await update();
  await record(says(3, 'tool', { inbound: [] }));
  await update();
  // The owner's numbers are the same, and the time alone writes nothing.
  expect(written).toEqual([4, 1]);
});

test('a repository that is gone or renamed leaves the graph under its old name', async () => {
  await record(says(1, 'app', asking), says(2, 'deploy', accepting));
  await update();
  await record(says(2, 'release', accepting), says(1, 'app', {}, 'gone'));
  await update();
  expect((await store.graph('octo-org', {})).items.map(({ repository }) => repository)).toEqual(['Octo-Org/release']);
  expect(await store.graphRepository('octo-org/deploy')).toBeNull();
  expect((await store.graphRepository('octo-org/release'))?.formerNames).toEqual(['Octo-Org/deploy']);
});

test('an update that was computed from fewer observations never replaces one that was computed from more', async () => {
  await record(says(1, 'app', asking), says(2, 'deploy', {}));
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const slow = storeOf(
    memory.newClient(async (command, perform) => {
      if (command === 'PutCommand') await held;
      return perform();
    }),
  );
  const late = update(slow.consentIndex);
  for (let step = 0; step < 200; step += 1) await Promise.resolve();
  await record(says(2, 'deploy', accepting));
  await update();
  release();
  await late;
  expect(await edges()).toEqual(['agreed Octo-Org/deploy']);
});

test('an update that crashes at any write is completed by the next one', async () => {
  for (let crashAt = 0; crashAt < 5; crashAt += 1) {
    memory = createMemoryDynamo();
    store = storeOf(memory.newClient());
    await record(says(1, 'app', asking), says(2, 'deploy', accepting));
    let puts = 0;
    const crashing = storeOf(
      memory.newClient(async (command, perform) => {
        if (command === 'PutCommand' && (puts += 1) > crashAt) throw new Error('The process died.');
        return perform();
      }),
    );
    await update(crashing.consentIndex).catch(() => undefined);
    await update();
    expect(await edges()).toEqual(['agreed Octo-Org/deploy']);
    expect((await store.graphOwners({})).items).toHaveLength(1);
  }
});

test('after a rebuild from a log whose first entries have expired, the graph is what the rest says', async () => {
  await record(says(1, 'app', asking), says(2, 'deploy', accepting));
  await record(says(1, 'app', {}));
  await update();
  memory.restore('facts');
  await store.rebuild();
  await record(says(3, 'tool', {}));
  await update();
  expect((await store.graph('octo-org', {})).items.map(({ repository }) => repository)).toEqual(['Octo-Org/tool']);
});
