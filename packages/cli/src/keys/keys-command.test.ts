import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fact } from '@dispatcher/contracts';
import { keyMatches, parseApiKey } from '@dispatcher/lambda';
import { type ApiKeys, createAccessStore } from '@dispatcher/store';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { UsageError } from '../command.ts';
import { processContext } from '../context/command-context.ts';
import { keysCommand } from './keys-command.ts';

const start = Date.parse('2026-11-03T14:00:00.000Z');

let dynamo: TestDynamo;
let keys: ApiKeys;
let published: Fact[];
let now: number;
/** The service that fails. */
let failing: 'bus' | 'table' | null;
beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  const { access } = await dynamo.createTables();
  ({ keys } = createAccessStore({ client: dynamo.client, table: access }));
  published = [];
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
      published.push(...facts);
    },
  };
  const create: ApiKeys['create'] = async (record, made) => {
    if (failing === 'table') throw new Error('the table is gone');
    await keys.create(record, made);
  };
  const command = keysCommand({
    operations: async () => ({ keys: { ...keys, create }, bus }),
    user: () => 'octocat',
    context: processContext,
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
  const code = await command.run([...args, '--direct'], terminal);
  return { code, out, err };
}

const because = ['--reason', 'for the nightly job'];
const dispatchKey = ['--role', 'dispatch', '--target', 'octo-org/deploy:cd.yml'];

async function createKey(...args: string[]): Promise<string> {
  const { out } = await run('create', ...args, ...because);
  return parseApiKey(out.trim())?.keyId ?? '';
}

describe('create', () => {
  test('prints the key once, alone on the standard output, and stores its digest', async () => {
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
    const record = await keys.getKey(keyId);
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
    for (const text of [err, JSON.stringify(record), JSON.stringify(published)]) expect(text).not.toContain(secret);
    expect((await run('list')).out).not.toContain(secret);
  });

  test('an API key in the reason is recorded as [redacted], and the command says so', async () => {
    const { out: key } = await run('create', 'old', ...dispatchKey, ...because);
    const created = await run('create', 'new', ...dispatchKey, '--reason', `replaces ${key.trim()}`);
    expect(created.err).toMatch(/contained a secret.*Revoke/);
    const keyId = parseApiKey(created.out.trim())?.keyId ?? '';
    const revoked = await run('revoke', keyId, '--reason', `${key.trim()} was leaked`);
    expect(revoked.err).toMatch(/contained a secret/);
    expect(published.map(({ data }) => (data as { reason?: string }).reason)).toEqual([
      'for the nightly job',
      'replaces [redacted]',
      '[redacted] was leaked',
    ]);
  });

  test('publishes operator, change and reason', async () => {
    const keyId = await createKey('ops', '--role', 'operator', '--expires', '90d', '--as', 'hubot');
    expect(published).toEqual([
      {
        version: 1,
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        type: 'key.changed',
        time: new Date(start).toISOString(),
        correlationId: published[0]?.id,
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
    expect(await keys.getKey(keyId)).toMatchObject({ expiresAt: '2027-02-01T14:00:00.000Z', createdBy: 'hubot' });
  });

  test('the name of an active key is refused, except with --rotate', async () => {
    const first = await createKey('nightly', ...dispatchKey);
    await expect(createKey('nightly', ...dispatchKey)).rejects.toThrow(/--rotate/);
    await expect(createKey('nightly', '--role', 'viewer', '--rotate')).rejects.toThrow(/has the role dispatch/);
    expect(published).toHaveLength(1);
    const second = await createKey('nightly', ...dispatchKey, '--rotate');
    expect(second).not.toBe(first);
    expect((await run('list')).out.match(/nightly.*active/g)).toHaveLength(2);
  });

  test('a name can be used again once its keys are revoked or expired', async () => {
    await run('revoke', await createKey('nightly', ...dispatchKey), ...because);
    await createKey('nightly', ...dispatchKey, '--expires', '1d');
    now += 86_400_000;
    await createKey('nightly', ...dispatchKey);
    expect((await run('list')).out.match(/nightly/g)).toHaveLength(3);
  });

  test('two concurrent creations with the same name create one key', async () => {
    const both = await Promise.all(
      ['ada', 'bob'].map((as) => run('create', 'nightly', ...dispatchKey, ...because, '--as', as)),
    );
    expect(both.filter(({ code }) => code === 0)).toHaveLength(1);
    expect(both.find(({ code }) => code === 1)).toMatchObject({
      out: '',
      err: expect.stringContaining('at the same time'),
    });
    expect((await keys.list({})).items).toHaveLength(1);
  });

  test('if the fact cannot be published, no key is created', async () => {
    failing = 'bus';
    expect(await run('create', 'nightly', ...dispatchKey, ...because)).toMatchObject({ code: 1, out: '' });
    expect((await keys.list({})).items).toEqual([]);
  });

  test('if the key cannot be stored, it is not printed, and the error says that it is not valid', async () => {
    failing = 'table';
    expect(await run('create', 'nightly', ...dispatchKey, ...because)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^Key \w+ was recorded as created but not stored, so it is not valid\./),
    });
    expect(published).toHaveLength(1);
  });

  test.each([
    ['no name', [...dispatchKey], /Name the key/],
    ['a name with capitals', ['Nightly', ...dispatchKey], /lower-case/],
    ['a name with a prefix', ['key:x', ...dispatchKey], /lower-case/],
    ['two names', ['one', 'two', ...dispatchKey], /Too many/],
    ['no role', ['nightly'], /--role viewer/],
    ['an unknown role', ['nightly', '--role', 'admin'], /--role viewer/],
    ['a dispatch key without a target', ['nightly', '--role', 'dispatch'], /--target/],
    ['a viewer with a target', ['nightly', '--role', 'viewer', '--target', 'a/b'], /--target/],
    ['a target without owner', ['nightly', '--role', 'dispatch', '--target', 'deploy'], /deploy is not a valid target/],
    ['a wildcard target', ['nightly', '--role', 'dispatch', '--target', 'acme/*'], /not a valid target/],
    [
      'a target that is not a workflow file',
      ['nightly', '--role', 'dispatch', '--target', 'a/b:cd'],
      /not a valid target/,
    ],
    ['an expiry in hours', ['nightly', ...dispatchKey, '--expires', '5h'], /--expires/],
    ['an expiry too far ahead', ['nightly', ...dispatchKey, '--expires', '3651d'], /--expires/],
    ['no key to rotate', ['nightly', ...dispatchKey, '--rotate'], /leave --rotate out/],
    ['an unknown option', ['nightly', ...dispatchKey, '--secret', 'x'], /secret/],
  ])('%s is a usage error', async (_, args, message) => {
    const attempt = run('create', ...args, ...because);
    await expect(attempt).rejects.toThrow(UsageError);
    await expect(attempt).rejects.toThrow(message);
    expect(published).toEqual([]);
  });

  test('without a reason nothing is done', async () => {
    await expect(run('create', 'nightly', ...dispatchKey)).rejects.toThrow(/--reason/);
  });
});

describe('revoke', () => {
  test.each([
    ['viewer', ['--role', 'viewer'], true],
    ['dispatch', dispatchKey, false],
  ])('of a %s key says whether it can still read', async (_, role, reads) => {
    const { out } = await run('revoke', await createKey('wall', ...role), ...because);
    expect(out.includes('may read for up to another minute')).toBe(reads);
  });

  test('revokes the key and publishes a fact', async () => {
    const keyId = await createKey('nightly', ...dispatchKey);
    now += 1_000;
    const { code, out } = await run('revoke', keyId, '--reason', 'it leaked');
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('was revoked at') });
    expect(await keys.getKey(keyId)).toMatchObject({ revokedAt: new Date(start + 1_000).toISOString() });
    expect(published[1]).toMatchObject({
      data: { action: 'revoked', keyId, operator: 'octocat', reason: 'it leaked' },
    });
  });

  test('whose fact could not be published says so; a repeat publishes the same fact', async () => {
    const keyId = await createKey('nightly', ...dispatchKey);
    failing = 'bus';
    expect(await run('revoke', keyId, ...because)).toMatchObject({ code: 1, err: expect.stringContaining('again') });
    expect(await keys.getKey(keyId)).toMatchObject({ revokedAt: expect.any(String) });
    failing = null;
    now += 60_000;
    await run('revoke', keyId, ...because);
    await run('revoke', keyId, ...because);
    expect(published).toHaveLength(3);
    expect(published[1]).toEqual(published[2]);
    expect(published[1]?.time).toBe(new Date(start).toISOString());
  });

  test.each([
    ['no key', []],
    ['a name', ['nightly']],
    ['an unknown key', ['0123456789abcdef']],
  ])('%s is a usage error', async (_, args) => {
    await expect(run('revoke', ...args, ...because)).rejects.toThrow(UsageError);
    expect(published).toEqual([]);
  });
});

test('list prints all keys with their state', async () => {
  const live = await createKey('ops', '--role', 'operator');
  const expired = await createKey('short', '--role', 'viewer', '--expires', '1d');
  now += 86_400_000;
  const revoked = await createKey('nightly', ...dispatchKey);
  await run('revoke', revoked, ...because);
  const { out } = await run('list');
  const states = out.split('\n').map((line) => line.split(/ +/).slice(0, 4).join(' '));
  expect(states).toEqual(
    expect.arrayContaining([
      'KEY NAME ROLE STATE',
      `${live} ops operator active`,
      `${expired} short viewer expired`,
      `${revoked} nightly dispatch revoked`,
    ]),
  );
  expect(out).toContain('octo-org/deploy:cd.yml');
});

test('an unknown action is a usage error', async () => {
  for (const args of [[], ['delete'], ['list', 'x']]) await expect(run(...args)).rejects.toThrow(UsageError);
});
