import { describe, expect, test } from '@jest/globals';
import { HintsMessage } from './hint.ts';
import { type HintEvent, hintEvents, pickHint } from './hint-webhooks.ts';
import { part, type Payload, webhookExamples } from './testing/webhook-examples.ts';

const delivery = { deliveryId: '0d1e2f3a-0000-4000-8000-000000000000', receivedAt: '2026-11-03T14:00:00.000Z' };
const sha = 'c'.repeat(40);
const repository = { id: 9, name: 'app', owner: { login: 'octo-org' }, default_branch: 'main' };

/** Returns a push to a branch, which changes these files. */
function push(change: Payload = {}, files: Payload = { modified: ['dispatching.yml'] }): Payload {
  return { ref: 'refs/heads/main', after: sha, commits: [files], repository, installation: { id: 7 }, ...change };
}

function reasonOf(event: HintEvent, payload: Payload): string {
  const picked = pickHint(event, payload, delivery);
  return picked.state === 'ignored' ? picked.reason : picked.state;
}

describe('a push', () => {
  test('to the default branch becomes a hint with the branch, its newest commit and nothing of the commits', () => {
    expect(pickHint('push', push(), delivery)).toEqual({
      state: 'picked',
      hint: {
        type: 'hint.repository',
        version: 1,
        ...delivery,
        installationId: 7,
        event: 'push',
        action: null,
        repository: { id: 9, owner: 'octo-org', name: 'app' },
        branch: 'main',
        pullRequest: null,
        sha,
        isDefaultBranch: true,
      },
    });
  });

  test.each([
    ['added', 'dispatching.yml'],
    ['modified', '.github/dispatching.yml'],
    ['removed', 'dispatching.yaml'],
    ['added', '.github/dispatching.yaml'],
  ])('with a commit that %s %s is kept', (kind, path) => {
    const files = { added: [], modified: ['README.md'], removed: [], [kind]: [path] };
    expect(reasonOf('push', push({ ref: 'refs/heads/feature/x' }, files))).toBe('picked');
  });

  test.each<[string, Payload]>([
    ['other files', push({}, { modified: ['docs/dispatching.yml', 'DISPATCHING.YML', 'dispatching.yml.bak'] })],
    ['no commits', push({ commits: [] })],
    ['a tag', push({ ref: 'refs/tags/v1', created: true })],
    ['the deletion of a branch', push({ deleted: true, forced: true, after: '0'.repeat(40) })],
  ])('of %s is ignored', (_, payload) => {
    expect(reasonOf('push', payload)).toBe('file-not-changed');
  });

  test.each<[string, Payload]>([
    ['is forced', { forced: true }],
    ['creates its branch', { created: true }],
    ['has as many commits as GitHub lists', { commits: Array.from({ length: 2_048 }, () => ({ modified: ['a'] })) }],
    ['has as many files as GitHub lists', { commits: [{ added: Array.from({ length: 3_000 }, (_, i) => `f${i}`) }] }],
  ])('that %s is always kept: what it changes may not be listed', (_, change) => {
    expect(reasonOf('push', push({ commits: [{ modified: ['a'] }], ...change }))).toBe('picked');
  });

  test('of 2,047 commits without the file is ignored', () => {
    const commits = Array.from({ length: 2_047 }, () => ({ modified: ['a'] }));
    expect(reasonOf('push', push({ commits }))).toBe('file-not-changed');
  });

  test('to a branch with a long name names the commit only', () => {
    for (const branch of ['x'.repeat(481), 'ñ'.repeat(81)]) {
      const picked = pickHint('push', push({ ref: `refs/heads/${branch}` }), delivery);
      expect(picked).toMatchObject({ hint: { branch: null, sha, isDefaultBranch: false } });
    }
  });
});

describe('a pull request', () => {
  const pull = (head: Payload, action = 'synchronize'): Payload => ({
    action,
    number: 12,
    pull_request: { head: { sha, ...head } },
    repository,
    installation: { id: 7 },
  });

  test.each(['opened', 'reopened', 'synchronize'])('of a fork, %s, becomes a hint with its number', (action) => {
    const picked = pickHint('pull_request', pull({ repo: { id: 10 } }, action), delivery);
    expect(picked).toMatchObject({ hint: { pullRequest: 12, branch: null, sha, isDefaultBranch: false } });
  });

  test('of a fork that was deleted becomes a hint', () => {
    expect(reasonOf('pull_request', pull({ repo: null }))).toBe('picked');
  });

  test('of a branch of the repository is ignored: its pushes are hints', () => {
    expect(reasonOf('pull_request', pull({ repo: { id: 9 } }))).toBe('not-from-a-fork');
  });

  test.each(['closed', 'labeled', 'edited'])('%s is ignored', (action) => {
    expect(reasonOf('pull_request', pull({ repo: { id: 10 } }, action))).toBe('action-not-relevant');
  });
});

describe('an event of a repository', () => {
  const event = (action: string, changes?: object): Payload => ({
    action,
    ...(changes === undefined ? {} : { changes }),
    repository,
    installation: { id: 7 },
  });

  test.each(['renamed', 'transferred', 'archived', 'unarchived', 'privatized', 'publicized'])(
    '%s is kept',
    (action) => {
      const picked = pickHint('repository', event(action), delivery);
      expect(picked).toMatchObject({ hint: { event: 'repository', action, isDefaultBranch: true, branch: null } });
    },
  );

  test('edited is kept if the default branch was changed, and ignored otherwise', () => {
    expect(reasonOf('repository', event('edited', { default_branch: { from: 'master' } }))).toBe('picked');
    expect(reasonOf('repository', event('edited', { description: { from: '' } }))).toBe('action-not-relevant');
  });

  test.each(['created', 'deleted'])('%s is ignored', (action) => {
    expect(reasonOf('repository', event(action))).toBe('action-not-relevant');
  });
});

describe('an event of an installation', () => {
  const account = { id: 5, login: 'octo-org', type: 'Organization' };

  test.each([
    ['installation', 'created'],
    ['installation', 'new_permissions_accepted'],
    ['installation_repositories', 'added'],
  ] as const)('%s, %s, becomes a hint with its account', (event, action) => {
    const payload = { action, installation: { id: 7, account }, repositories_added: [{ id: 9 }] };
    expect(pickHint(event, payload, delivery)).toMatchObject({
      hint: { type: 'hint.installation', installationId: 7, event, action, account: { id: 5, login: 'octo-org' } },
    });
  });

  test('installation_target, renamed, becomes a hint with the new name', () => {
    const payload = {
      action: 'renamed',
      account,
      changes: { login: { from: 'octo' } },
      installation: { id: 7 },
      target_type: 'Organization',
    };
    expect(pickHint('installation_target', payload, delivery)).toMatchObject({
      hint: { event: 'installation_target', action: 'renamed', account: { login: 'octo-org' } },
    });
  });
});

describe('every hint', () => {
  test('has less than 1 KB as SQS stores it, also with the longest names in characters that are escaped', () => {
    const longest = push({
      ref: `refs/heads/${'ñ'.repeat(80)}`,
      after: 'c'.repeat(64),
      repository: { ...repository, id: 2 ** 53 - 1, name: 'n'.repeat(100), owner: { login: 'o'.repeat(39) } },
      installation: { id: 2 ** 53 - 1 },
    });
    const picked = pickHint('push', longest, delivery);
    if (picked.state !== 'picked') throw new Error(picked.state);
    expect(picked.hint).toMatchObject({ branch: 'ñ'.repeat(80) });
    expect(JSON.stringify(picked.hint).replaceAll('ñ', String.raw`\u00f1`).length).toBeLessThan(1_024);
  });

  test('of GitHub’s examples is a valid message; an example without an installation is ignored', () => {
    const examples = webhookExamples().filter(({ event }) => (hintEvents as readonly string[]).includes(event));
    const states = new Map<string, number>();
    for (const { event, payload } of examples) {
      expect(reasonOf(event as HintEvent, { ...payload, installation: undefined })).toBe('no-installation');
      const installation = payload['installation'] === undefined ? { id: 7 } : part(payload, 'installation');
      const picked = pickHint(event as HintEvent, { ...payload, installation }, delivery);
      states.set(picked.state, (states.get(picked.state) ?? 0) + 1);
      if (picked.state === 'picked') expect(HintsMessage.parse(picked.hint)).toEqual(picked.hint);
    }
    expect([...states.keys()].toSorted()).toEqual(['ignored', 'picked']);
  });

  test('that lacks a field is malformed, with the name of the field', () => {
    expect(pickHint('push', { installation: { id: 7 } }, delivery)).toEqual({
      state: 'malformed',
      reason: expect.stringContaining('ref'),
    });
    expect(pickHint('repository', { installation: { id: 7 } }, delivery)).toEqual({
      state: 'malformed',
      reason: expect.stringContaining('action'),
    });
  });
});
