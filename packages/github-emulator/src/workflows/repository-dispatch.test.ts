import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Octokit } from '@octokit/rest';
import type { Emulator } from '../emulator.ts';
import { client, mint, refusal, startExample, WITH_EVENTS } from '../testing/example-emulator.ts';

const SEND = 'POST /repos/{owner}/{repo}/dispatches';
const DEPLOY = { owner: 'octo-org', repo: 'deploy', event_type: 'deploy' };
let emulator: Emulator;
let octokit: Octokit;

beforeEach(async () => {
  emulator = await startExample({ permissions: WITH_EVENTS });
  octokit = client(emulator, await mint(emulator, 'octo-org', { permissions: { contents: 'write' } }));
  await emulator.control.push('octo-org/deploy', {
    files: {
      '.github/workflows/any.yml': 'on: repository_dispatch\n',
      '.github/workflows/list.yml': 'on: [push, repository_dispatch]\n',
      '.github/workflows/typed.yml': 'on:\n  repository_dispatch:\n    types: [deploy, undo]\n',
      '.github/workflows/other.yml': 'on:\n  repository_dispatch:\n    types: [other]\n',
    },
  });
  await emulator.control.push('octo-org/deploy', {
    branch: 'topic',
    files: { '.github/workflows/topic.yml': 'on: repository_dispatch\n' },
  });
});
afterEach(() => emulator.close());

async function refused(request: Record<string, unknown>): Promise<{ status: number; message: string }> {
  const response = await refusal(octokit.request(SEND, { ...DEPLOY, ...request } as never));
  expect(await emulator.control.runs()).toEqual([]);
  return response;
}

test('an event starts every workflow of the default branch that its type triggers, and returns none of them', async () => {
  const response = await octokit.request(SEND, { ...DEPLOY, client_payload: { sha: 'abc', more: { nested: [1] } } });
  expect(response).toMatchObject({ status: 204 });
  const runs = await emulator.control.runs();
  expect(runs.map(({ workflow }) => workflow).toSorted()).toEqual(['any.yml', 'list.yml', 'typed.yml']);
  for (const run of runs) {
    expect(run).toMatchObject({
      event: 'repository_dispatch',
      headBranch: 'main',
      actor: 'org-repo-workflows-runner-alpha[bot]',
      clientPayload: { sha: 'abc', more: { nested: [1] } },
    });
  }
});

test('an event that triggers no workflow is accepted', async () => {
  expect(await octokit.request(SEND, { owner: 'octo-org', repo: 'app', event_type: 'none' })).toMatchObject({
    status: 204,
  });
  expect(await emulator.control.runs()).toEqual([]);
});

describe('an event is refused', () => {
  test.each<[string, Record<string, unknown>]>([
    ['without a type', { event_type: undefined }],
    ['with an empty type', { event_type: '' }],
    ['with a type of 101 characters', { event_type: 'x'.repeat(101) }],
    ['with a payload that is not an object', { client_payload: ['x'] }],
    [
      'with eleven properties',
      { client_payload: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`p${n}`, n])) },
    ],
    ['with 64 KB', { client_payload: { text: 'x'.repeat(64 * 1024) } }],
    ['with an unknown key', { ref: 'main' }],
  ])('%s', async (_, request) => {
    expect(await refused(request)).toMatchObject({ status: 422, message: expect.stringContaining('Invalid request') });
  });

  test('without `contents: write`, and for a hidden or archived repository', async () => {
    expect(await refused({ owner: 'octo-partner', repo: 'service' })).toMatchObject({
      status: 404,
      message: 'Not Found',
    });
    await emulator.control.changeRepository('octo-org/deploy', { archived: true });
    expect(await refused({})).toMatchObject({ status: 403, message: expect.stringContaining('archived') });
    octokit = client(
      emulator,
      await mint(emulator, 'octo-org', { permissions: { contents: 'read', actions: 'write' } }),
    );
    expect(await refused({})).toMatchObject({ status: 403, message: 'Resource not accessible by integration' });
  });
});
