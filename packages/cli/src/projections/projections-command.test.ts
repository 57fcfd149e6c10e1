import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createFactStore, type FactStore } from '@dispatcher/store';
import { createMemoryDynamo, type MemoryDynamo, planFacts, sampleRun } from '@dispatcher/store/testing';
import { beforeEach, expect, test } from '@jest/globals';
import { projectionsCommand } from './projections-command.ts';

const time = '2026-11-03T14:00:00.000Z';

let memory: MemoryDynamo;
let store: FactStore;
beforeEach(async () => {
  memory = createMemoryDynamo();
  store = createFactStore({ client: memory.newClient(), table: 'facts', projectionsTable: 'projections' });
  await store.recordFacts(planFacts(sampleRun(1, time), ['allow', 'deny'], time));
  await store.rollUp.fold();
});

async function run(...args: string[]) {
  let out = '';
  let err = '';
  const terminal = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    readFile: () => new Uint8Array(),
  };
  const code = await projectionsCommand({ operations: async () => store }).run(args, terminal);
  return { code, out, err };
}

const repository = { pk: 'repositories', sk: 'octo-org/app' };
const addDelivery = () =>
  memory.newClient().send(
    new UpdateCommand({
      TableName: 'projections',
      Key: repository,
      UpdateExpression: 'SET #state = :state',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':state': {
          lastFactAt: time,
          deliveries: 7,
          plans: {},
          lastRunAt: null,
          allowed: 0,
          denied: 0,
          decisions: {},
          lastDecisionAt: null,
          started: 0,
          failed: 0,
          completed: 0,
          succeeded: 0,
          hours: null,
          installation: null,
        },
      },
    }),
  );

test('projections that are what the log folds to are verified', async () => {
  expect(await run('verify')).toEqual({
    code: 0,
    out: '8 projections of 3 facts. They are what the log folds to.\n',
    err: '',
  });
});

test('a projection that differs is shown, and a rebuild without --yes changes nothing', async () => {
  await addDelivery();
  for (const command of ['verify', 'rebuild']) {
    const { code, out } = await run(command);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^repository octo-org\/app: different: stored \{.*"deliveries":7.*\}, folded \{.*"deliveries":1/,
    );
    expect(out).toContain('8 projections of 3 facts. 1 differ. Run `dispatcher projections rebuild --yes`.\n');
  }
  expect((await store.repository('octo-org/app'))?.asSource.deliveries).toBe(7);
});

test('a rebuild replaces what differs, writes what is missing and deletes what no fact is about', async () => {
  await addDelivery();
  await memory
    .newClient()
    .send(new DeleteCommand({ TableName: 'projections', Key: { pk: 'repositories', sk: 'octo-org/target-0' } }));
  await memory.newClient().send(
    new UpdateCommand({
      TableName: 'projections',
      Key: { pk: 'hours', sk: '2026-11-03T09' },
      UpdateExpression: 'SET #state = :state, upTo = :upTo',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':state': { counters: { deliveries: 3 } }, ':upTo': '0:1' },
    }),
  );
  expect(await run('rebuild', '--yes')).toEqual({
    code: 0,
    out: 'log 0: entries 1 to 1\nWrote 8 projections of 3 facts, and deleted 1 that no fact is about.\n',
    err: '',
  });
  expect(await run('verify')).toMatchObject({ code: 0 });
  expect(await store.repository('octo-org/target-0')).not.toBeNull();
});

test('the log of a restored table cannot be folded until a rebuild', async () => {
  memory.backUp('facts');
  await store.recordFacts(planFacts(sampleRun(2, time), [], time));
  await store.rollUp.fold();
  memory.restore('facts');
  await expect(store.rollUp.fold()).rejects.toThrow('Run `dispatcher projections rebuild`');
  // The number of the lost entry is given again. It is not mistaken for the one that was folded.
  const restarted = createFactStore({ client: memory.newClient(), table: 'facts', projectionsTable: 'projections' });
  await restarted.recordFacts(planFacts(sampleRun(3, time), [], time));
  await expect(restarted.rollUp.fold()).rejects.toThrow('another entry with this number');
  expect(await run('rebuild', '--yes')).toMatchObject({ code: 0 });
  await restarted.recordFacts(planFacts(sampleRun(4, time), [], time));
  await restarted.rollUp.fold();
  expect((await restarted.repository('octo-org/app'))?.asSource.deliveries).toBe(3);
  expect(await run('verify')).toMatchObject({ code: 0 });
});

test('--json prints the report', async () => {
  expect(JSON.parse((await run('verify', '--json')).out)).toMatchObject({ facts: 3, items: 8, differences: [] });
  expect(JSON.parse((await run('rebuild', '--yes', '--json')).out)).toMatchObject({ facts: 3, items: 8, deleted: 0 });
});

test('missing variables are named', async () => {
  let err = '';
  const terminal = { out: () => {}, err: (text: string) => void (err += text), readFile: () => new Uint8Array() };
  const { createProjectionOperations } = await import('./projection-operations.ts');
  const command = projectionsCommand({ operations: async () => createProjectionOperations({}) });
  expect(await command.run(['verify'], terminal)).toBe(1);
  expect(err).toContain('FACTS_TABLE');
  expect(err).toContain('PROJECTIONS_TABLE');
});
