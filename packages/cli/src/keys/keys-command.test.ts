import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fact } from '@dispatcher/contracts';
import { keyMatches, parseApiKey } from '@dispatcher/lambda';
import { type ApiKeys, createAccessStore } from '@dispatcher/store';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { BadInput } from '../command.ts';
import { keysCommand } from './keys-command.ts';

const start = Date.parse('2026-11-03T14:00:00.000Z');

let dynamo: TestDynamo;
let keys: ApiKeys;
let told: Fact[];
let now: number;
/** Fails as a bus or a table does that is not there. */
let failing: 'bus' | 'table' | null;
beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  const { access } = await dynamo.createTables();
  ({ keys } = createAccessStore({ client: dynamo.client, table: access }));
  told = [];
  now = start;
  failing = null;
});
afterAll(() => dynamo.close());

async function run(...args: string[]) {
  let out = '';
  let err = '';
  let actions = 0;
  const bus = {
    publish: async (facts: readonly Fact[]) => {
      if (failing === 'bus') throw new Error('the bus is gone');
      told.push(...facts);
    },
  };
  const create: ApiKeys['create'] = async (record, made) => {
    if (failing === 'table') throw new Error('the table is gone');
    await keys.create(record, made);
  };
  const command = keysCommand({
    operations: async () => ({ keys: { ...keys, create }, bus }),
    user: () => 'octocat',
    now: () => now,
    newId: () => {
      actions += 1;
      return `action-${actions}`;
    },
  });
  const terminal = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    readFile: () => new Uint8Array(),
  };
  const code = await command.run(args, terminal);
  return { code, out, err };
}

const because = ['--reason', 'for the nightly job'];
const dispatchKey = ['--role', 'dispatch', '--target', 'octo-org/deploy:cd.yml'];

async function newKey(...args: string[]): Promise<string> {
  const { out } = await run('create', ...args, ...because);
  return parseApiKey(out.trim())?.keyId ?? '';
}

describe('create', () => {
  test('shows the key once, alone on the standard output, and stores its digest', async () => {
    const { code, out, err } = await run(
      'create',
      'nightly',
      ...dispatchKey,
      '--target',
      'octo-org/app#built',
      ...because,
    );
    expect(code).toBe(0);
    const { keyId, secret } = parseApiKey(out.trimEnd()) ?? { keyId: '', secret: '' };
    const record = await keys.find(keyId);
    expect(record).toEqual({
      keyId,
      name: 'nightly',
      role: 'dispatch',
      targets: ['octo-org/deploy:cd.yml', 'octo-org/app#built'],
      secretHash: expect.any(String),
      createdAt: new Date(start).toISOString(),
      createdBy: 'octocat',
      expiresAt: '2027-11-03T14:00:00.000Z',
      revokedAt: null,
    });
    expect(keyMatches(record ?? { secretHash: '' }, secret)).toBe(true);
    for (const text of [err, JSON.stringify(record), JSON.stringify(told)]) expect(text).not.toContain(secret);
    expect((await run('list')).out).not.toContain(secret);
  });

  test('tells who, what and why', async () => {
    const keyId = await newKey('ops', '--role', 'operator', '--expires', '90d', '--as', 'hubot');
    expect(told).toEqual([
      {
        version: 1,
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        type: 'key.changed',
        time: new Date(start).toISOString(),
        correlationId: told[0]?.id,
        data: {
          actionId: 'action-1',
          action: 'created',
          keyId,
          name: 'ops',
          role: 'operator',
          targets: [],
          operator: 'hubot',
          reason: 'for the nightly job',
        },
      },
    ]);
    expect(await keys.find(keyId)).toMatchObject({ expiresAt: '2027-02-01T14:00:00.000Z', createdBy: 'hubot' });
  });

  test('a name that a live key has is refused, and taken where the key is to be rotated', async () => {
    const first = await newKey('nightly', ...dispatchKey);
    await expect(newKey('nightly', ...dispatchKey)).rejects.toThrow(/--rotate/);
    await expect(newKey('nightly', '--role', 'viewer', '--rotate')).rejects.toThrow(/for dispatch/);
    expect(told).toHaveLength(1);
    const second = await newKey('nightly', ...dispatchKey, '--rotate');
    expect(second).not.toBe(first);
    expect((await run('list')).out.match(/nightly.*live/g)).toHaveLength(2);
  });

  test('a name is free again once its keys are revoked or expired', async () => {
    await run('revoke', await newKey('nightly', ...dispatchKey), ...because);
    await newKey('nightly', ...dispatchKey, '--expires', '1d');
    now += 86_400_000;
    await newKey('nightly', ...dispatchKey);
    expect((await run('list')).out.match(/nightly/g)).toHaveLength(3);
  });

  test('two people who make a key of one name in the same moment make one', async () => {
    const both = await Promise.all(
      ['ada', 'bob'].map((as) => run('create', 'nightly', ...dispatchKey, ...because, '--as', as)),
    );
    expect(both.filter(({ code }) => code === 0)).toHaveLength(1);
    expect(both.find(({ code }) => code === 1)).toMatchObject({ out: '', err: expect.stringContaining('same moment') });
    expect((await keys.list({})).items).toHaveLength(1);
  });

  test('a key that could not be told of is not made', async () => {
    failing = 'bus';
    expect(await run('create', 'nightly', ...dispatchKey, ...because)).toMatchObject({ code: 1, out: '' });
    expect((await keys.list({})).items).toEqual([]);
  });

  test('a key that could not be stored is not shown, and it is said that it opens nothing', async () => {
    failing = 'table';
    expect(await run('create', 'nightly', ...dispatchKey, ...because)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('opens nothing'),
    });
    expect(told).toHaveLength(1);
  });

  test.each([
    ['no name', [...dispatchKey], /Name the key/],
    ['a name with capitals', ['Nightly', ...dispatchKey], /lower-case/],
    ['a name that reads as another kind', ['key:x', ...dispatchKey], /lower-case/],
    ['two names', ['one', 'two', ...dispatchKey], /too many/],
    ['no role', ['nightly'], /--role viewer/],
    ['a role that is none', ['nightly', '--role', 'admin'], /--role viewer/],
    ['a dispatch key of no target', ['nightly', '--role', 'dispatch'], /--target/],
    ['targets of a viewer', ['nightly', '--role', 'viewer', '--target', 'a/b'], /--target/],
    ['a target without owner', ['nightly', '--role', 'dispatch', '--target', 'deploy'], /deploy is no target/],
    ['a target of any', ['nightly', '--role', 'dispatch', '--target', 'acme/*'], /no target/],
    ['a target of no workflow file', ['nightly', '--role', 'dispatch', '--target', 'a/b:cd'], /no target/],
    ['an end in hours', ['nightly', ...dispatchKey, '--expires', '5h'], /--expires/],
    ['an end too far', ['nightly', ...dispatchKey, '--expires', '3651d'], /--expires/],
    ['no key to rotate', ['nightly', ...dispatchKey, '--rotate'], /leave --rotate out/],
    ['an option that is none', ['nightly', ...dispatchKey, '--secret', 'x'], /secret/],
  ])('%s is a mistake of the caller', async (_, args, message) => {
    const attempt = run('create', ...args, ...because);
    await expect(attempt).rejects.toThrow(BadInput);
    await expect(attempt).rejects.toThrow(message);
    expect(told).toEqual([]);
  });

  test('without a reason nothing is done', async () => {
    await expect(run('create', 'nightly', ...dispatchKey)).rejects.toThrow(/--reason/);
  });
});

describe('revoke', () => {
  test.each([
    ['viewer', ['--role', 'viewer'], true],
    ['dispatch', dispatchKey, false],
  ])('of a %s key says whether it may still read', async (_, role, reads) => {
    const { out } = await run('revoke', await newKey('wall', ...role), ...because);
    expect(out.includes('may read for up to a minute more')).toBe(reads);
  });

  test('ends a key and tells so', async () => {
    const keyId = await newKey('nightly', ...dispatchKey);
    now += 1_000;
    const { code, out } = await run('revoke', keyId, '--reason', 'it leaked');
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('revoked since') });
    expect(await keys.find(keyId)).toMatchObject({ revokedAt: new Date(start + 1_000).toISOString() });
    expect(told[1]).toMatchObject({ data: { action: 'revoked', keyId, operator: 'octocat', reason: 'it leaked' } });
  });

  test('that could not be told says so; done again, it tells the same fact', async () => {
    const keyId = await newKey('nightly', ...dispatchKey);
    failing = 'bus';
    expect(await run('revoke', keyId, ...because)).toMatchObject({ code: 1, err: expect.stringContaining('again') });
    expect(await keys.find(keyId)).toMatchObject({ revokedAt: expect.any(String) });
    failing = null;
    now += 60_000;
    await run('revoke', keyId, ...because);
    await run('revoke', keyId, ...because);
    expect(told).toHaveLength(3);
    expect(told[1]).toEqual(told[2]);
    expect(told[1]?.time).toBe(new Date(start).toISOString());
  });

  test.each([
    ['no key', []],
    ['a name', ['nightly']],
    ['a key that is none', ['0123456789abcdef']],
  ])('%s is a mistake of the caller', async (_, args) => {
    await expect(run('revoke', ...args, ...because)).rejects.toThrow(BadInput);
    expect(told).toEqual([]);
  });
});

test('list shows all keys, with their state', async () => {
  const live = await newKey('ops', '--role', 'operator');
  const expired = await newKey('short', '--role', 'viewer', '--expires', '1d');
  now += 86_400_000;
  const revoked = await newKey('nightly', ...dispatchKey);
  await run('revoke', revoked, ...because);
  const { out } = await run('list');
  const states = out.split('\n').map((line) => line.split(/ +/).slice(0, 4).join(' '));
  expect(states).toEqual(
    expect.arrayContaining([
      'key name role state',
      `${live} ops operator live`,
      `${expired} short viewer expired`,
      `${revoked} nightly dispatch revoked`,
    ]),
  );
  expect(out).toContain('octo-org/deploy:cd.yml');
});

test('what is no action is a mistake of the caller', async () => {
  for (const args of [[], ['delete'], ['list', 'x']]) await expect(run(...args)).rejects.toThrow(BadInput);
});
