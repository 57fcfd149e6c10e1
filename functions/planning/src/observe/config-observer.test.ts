import { type ConfigObserved, Fact, type RepositorySnapshot } from '@dispatcher/contracts';
import { readFile, readRepository } from '@dispatcher/contracts/testing';
import { createCompileCache } from '@dispatcher/rules';
import { createStateStore } from '@dispatcher/store';
import { type Capacity, createMemoryDynamo } from '@dispatcher/store/testing';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type ConfigObserver, createConfigObserver } from './config-observer.ts';

const rules = 'outbound:\n  - source: { workflow: ci.yml }\n    targets: [{ repository: deploy, workflow: cd.yml }]\n';

let client: ReturnType<ReturnType<typeof createMemoryDynamo>['newClient']>;
let published: ConfigObserved[];
let failures: number;
let now: number;

beforeEach(() => {
  client = createMemoryDynamo().newClient();
  published = [];
  failures = 0;
  now = Date.parse('2026-11-03T14:00:00.000Z');
});

/** Creates the observer of a new process. */
function observer(): ConfigObserver {
  return createConfigObserver({
    observations: createStateStore({ client, table: 'state', now: () => now }).observations,
    cache: createCompileCache(),
    bus: {
      publish: async (facts) => {
        published.push(...facts.map((fact) => Fact.parse(fact) as ConfigObserved));
        failures -= 1;
        if (failures >= 0) throw new Error('The bus is down.');
      },
    },
    log: { info: () => {}, warn: () => {}, error: () => {}, with: () => log },
    now: () => now,
  });
}
const log = { info: () => {}, warn: () => {}, error: () => {}, with: () => log };

const repository = (text: string | null, change: Parameters<typeof readRepository>[2] = {}): RepositorySnapshot =>
  readRepository('octo-org/app', text === null ? { state: 'absent' } : readFile(`blob of ${text}`, text), {
    id: 11,
    ...change,
  });

const states = () => published.map(({ data }) => data.state);

describe('what a repository says', () => {
  test('is published with its rules as the file writes them', async () => {
    await observer().observe([repository(rules)], 'plan');
    expect(published).toMatchObject([
      {
        type: 'config.observed',
        time: '2026-11-03T14:00:00.000Z',
        data: {
          repositoryId: 11,
          repository: 'octo-org/app',
          state: 'valid',
          path: 'dispatching.yml',
          blobId: `blob of ${rules}`,
          problems: [],
          rules: { outbound: [{ source: { workflow: 'ci.yml' } }], inbound: [] },
          seenBy: 'plan',
        },
      },
    ]);
  });

  test('is published once, by any number of looks of any number of processes', async () => {
    const first = observer();
    for (const seenBy of ['plan', 'sweep', 'hint'] as const) await first.observe([repository(rules)], seenBy);
    await observer().observe([repository(rules), repository(rules)], 'plan');
    await observer().observe([repository(rules, { defaultBranch: { name: 'main', sha: 'e'.repeat(40) } })], 'sweep');
    expect(published).toHaveLength(1);
  });

  test.each([
    ['another content', repository(`${rules}inbound: []\n`)],
    ['no file', repository(null)],
    ['another name', readRepository('octo-org/site', readFile(`blob of ${rules}`, rules), { id: 11 })],
    ['another visibility', repository(rules, { visibility: 'public' })],
    ['another default branch', repository(rules, { defaultBranch: { name: 'live', sha: 'd'.repeat(40) } })],
    ['an archived repository', repository(rules, { isArchived: true })],
  ])('is published again for %s', async (_, changed) => {
    await observer().observe([repository(rules)], 'plan');
    await observer().observe([changed], 'plan');
    expect(published).toHaveLength(2);
    expect(new Set(published.map(({ id }) => id)).size).toBe(2);
  });

  test('is published again for a content that returns, also by the process that knew it before', async () => {
    const process = observer();
    await process.observe([repository(rules)], 'plan');
    await observer().observe([repository(null)], 'plan');
    now += 61_000;
    await process.observe([repository(rules)], 'plan');
    expect(states()).toEqual(['valid', 'absent', 'valid']);
    expect(new Set(published.map(({ id }) => id)).size).toBe(3);
  });

  test('has a later time than before, even if the clock of the process is behind', async () => {
    await observer().observe([repository(rules)], 'plan');
    now -= 3_600_000;
    await observer().observe([repository(null)], 'plan');
    expect(published.map(({ time }) => time)).toEqual(['2026-11-03T14:00:00.000Z', '2026-11-03T14:00:00.001Z']);
  });

  test('is published again, as the same fact, after a crash before it was recorded', async () => {
    failures = 1;
    await expect(observer().observe([repository(rules)], 'sweep')).rejects.toThrow('The bus is down.');
    now += 5_000;
    await observer().observe([repository(rules)], 'sweep');
    expect(published).toHaveLength(2);
    expect(published[0]?.id).toBe(published[1]?.id);
  });

  test('is not published if its files could not be read', async () => {
    const unknown = { state: 'unknown', reason: 'a timeout' } as const;
    const files = { 'dispatching.yml': unknown, '.github/dispatching.yml': unknown };
    await observer().observe([unknown, { state: 'absent' }, repository(rules, { files })], 'plan');
    expect(published).toEqual([]);
  });

  test('never fails a plan', async () => {
    failures = 1;
    await expect(observer().observeOfPlan([repository(rules)])).resolves.toBeUndefined();
    await observer().observeOfPlan([repository(rules)]);
    expect(published).toHaveLength(2);
  });
});

describe('an invalid file', () => {
  test('is published with its problems and their places', async () => {
    await observer().observe([repository('outbound: 5\n')], 'hint');
    expect(published[0]?.data).toMatchObject({
      state: 'invalid',
      rules: null,
      problems: [
        { line: 1, column: 11, message: '`outbound` must be a list, but is a number', fix: expect.any(String) },
      ],
    });
  });
});

test('a valid file whose rules are too large for a fact is published without them', async () => {
  const targets: object[] = [];
  const text = () => JSON.stringify({ outbound: [{ source: { workflow: 'ci.yml' }, targets }] });
  while (targets.length * 64 < 185_000) {
    targets.push({ repository: `octo-org/${String(targets.length).padStart(16, 'n')}`, workflow: 'abc.yml' });
  }
  const file = readFile('large', text());
  await observer().observe([readRepository('octo-org/app', file, { id: 11 })], 'hint');
  expect(published[0]?.data).toMatchObject({ problems: [], state: 'valid', rules: null });
});

describe('a repository that is gone', () => {
  test('is published once, with its last name, and only in its installation', async () => {
    await observer().observe([repository(rules)], 'plan');
    expect(await observer().observeGone(11, 99)).toBe(false);
    expect(await observer().observeGone(12, 5)).toBe(false);
    expect(await observer().observeGone(11, 5)).toBe(true);
    expect(await observer().observeGone(11, 5)).toBe(false);
    expect(published[1]?.data).toMatchObject({ state: 'gone', repository: 'octo-org/app', rules: null });
  });

  test('is not brought back by a plan that reads it because it is public, and is by the sweep', async () => {
    await observer().observe([repository(rules)], 'plan');
    await observer().observeGone(11, 5);
    await observer().observe([repository(rules)], 'plan');
    expect(states()).toEqual(['valid', 'gone']);
    await observer().observe([repository(rules)], 'sweep');
    expect(states()).toEqual(['valid', 'gone', 'valid']);
  });
});

test('a repository that does not change costs no write', async () => {
  const memory = createMemoryDynamo({ metered: true });
  client = memory.newClient();
  await observer().observe([repository(rules)], 'plan');
  // The observation, and its places in the lists of the installation and of all installations.
  expect(writtenUnits(memory.collectCapacity())).toBe(3);
  for (let look = 0; look < 20; look += 1) await observer().observe([repository(rules)], 'sweep');
  expect(writtenUnits(memory.collectCapacity())).toBe(0);
  expect(published).toHaveLength(1);
});

const writtenUnits = ({ transactionUnits, singleUnits, indexUnits }: Capacity): number =>
  transactionUnits + singleUnits + indexUnits;
