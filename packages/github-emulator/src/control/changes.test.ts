import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../emulator.ts';
import { EXAMPLE_INSTALLATIONS } from '../state/example-seed.ts';
import { client, mint, type Receiver, startExample, startReceiver } from '../testing/example-emulator.ts';
import { webhookErrors } from '../testing/published-schemas.ts';

// What GitHub sends when people push, and change repositories and installations.

let receiver: Receiver;
let emulator: Emulator;
beforeEach(async () => {
  receiver = await startReceiver();
  emulator = await startExample({ webhookUrl: receiver.url });
  await emulator.control.changeApp({ events: ['workflow_run', 'push', 'repository', 'pull_request'] });
});
afterEach(async () => {
  await emulator.close();
  await receiver.close();
});

type Payload = Record<string, unknown>;

/** Returns the events that arrived since the last call: name and payload. Each matches GitHub's published description. */
function received(): (readonly [event: string, payload: Payload])[] {
  const events = receiver.received
    .splice(0)
    .map(({ headers, body }) => [String(headers['x-github-event']), JSON.parse(body) as Payload] as const);
  expect(events.flatMap(([event, payload]) => webhookErrors(payload, event))).toEqual([]);
  return events;
}

const app = 'octo-org/app';
const push = (files: Record<string, string | null>, change: object = {}) =>
  emulator.control.push(app, { files, ...change });

describe('a push', () => {
  test('lists its commit with the files that it adds, modifies and removes', async () => {
    await push({ 'a.md': '1', 'b.md': '1' });
    received();
    const { sha } = await push({ 'a.md': '2', 'b.md': null, 'c.md': '1' });
    expect(received()).toMatchObject([
      [
        'push',
        {
          ref: 'refs/heads/main',
          after: sha,
          created: false,
          deleted: false,
          forced: false,
          commits: [{ id: sha, added: ['c.md'], modified: ['a.md'], removed: ['b.md'] }],
          head_commit: { id: sha },
          repository: { full_name: app, default_branch: 'main', master_branch: 'main' },
          installation: { id: EXAMPLE_INSTALLATIONS['octo-org'] },
        },
      ],
    ]);
  });

  test('that creates a branch lists the commits that no other branch has', async () => {
    await push({ 'a.md': '1' });
    received();
    const { sha } = await push({ 'b.md': '1' }, { branch: 'feature' });
    await emulator.control.setRef(app, { ref: 'refs/heads/same', target: 'feature' });
    expect(received()).toMatchObject([
      ['push', { ref: 'refs/heads/feature', created: true, before: '0'.repeat(40), commits: [{ id: sha }] }],
      ['push', { ref: 'refs/heads/same', created: true, commits: [] }],
    ]);
  });

  test('that replaces commits is forced', async () => {
    await push({ 'a.md': '1' }, { branch: 'feature' });
    received();
    await push({ 'a.md': '2' }, { branch: 'feature', parent: 'main' });
    await emulator.control.setRef(app, { ref: 'refs/heads/feature', target: 'main' });
    expect(received()).toMatchObject([
      ['push', { forced: true, created: false }],
      ['push', { forced: true, created: false }],
    ]);
  });

  test('that deletes a branch has no commit', async () => {
    await push({ 'a.md': '1' }, { branch: 'feature' });
    received();
    await emulator.control.deleteRef(app, 'refs/heads/feature');
    expect(received()).toMatchObject([
      ['push', { deleted: true, after: '0'.repeat(40), head_commit: null, commits: [] }],
    ]);
  });

  test('of a tag, lightweight or annotated, names the commit', async () => {
    const { sha } = await push({ 'a.md': '1' });
    received();
    await emulator.control.setRef(app, { ref: 'refs/tags/v1', target: 'main' });
    await emulator.control.setRef(app, { ref: 'refs/tags/v2', target: 'main', message: 'Release' });
    expect(received()).toMatchObject([
      ['push', { ref: 'refs/tags/v1', created: true, after: sha }],
      ['push', { ref: 'refs/tags/v2', created: true, after: sha }],
    ]);
  });

  test('of a merge lists the commits of both parents, parents first', async () => {
    const feature = await push({ 'a.md': '1' }, { branch: 'feature' });
    received();
    const merge = await push({ 'a.md': '1' }, { merge: 'feature' });
    const [[, payload] = ['', {}]] = received();
    expect((payload['commits'] as { id: string }[]).map(({ id }) => id)).toEqual([feature.sha, merge.sha]);
  });
});

describe('an event of a repository', () => {
  test('is sent when it is archived, made private or public, or gets another default branch', async () => {
    await push({ 'a.md': '1' }, { branch: 'develop' });
    received();
    await emulator.control.changeRepository(app, { archived: true });
    await emulator.control.changeRepository(app, { archived: false, visibility: 'public', defaultBranch: 'develop' });
    await emulator.control.changeRepository(app, { issues: false });
    expect(received().map(([event, { action, changes }]) => [event, action, changes])).toEqual([
      ['repository', 'archived', undefined],
      ['repository', 'unarchived', undefined],
      ['repository', 'publicized', undefined],
      ['repository', 'edited', { default_branch: { from: 'main' } }],
    ]);
  });

  test('is sent when it is renamed, and the selection of an installation follows the name', async () => {
    await emulator.control.putInstallation({
      id: EXAMPLE_INSTALLATIONS['octo-org'],
      account: 'octo-org',
      repositories: ['app'],
    });
    received();
    await emulator.control.renameRepository(app, 'application');
    expect(received()).toMatchObject([
      ['repository', { action: 'renamed', changes: { repository: { name: { from: 'app' } } } }],
    ]);
    await emulator.control.push('octo-org/application', { files: { 'a.md': '1' } });
    expect(received()).toHaveLength(1);
    await expect(emulator.control.renameRepository('octo-org/application', 'deploy')).rejects.toThrow('exists already');
  });

  test('leaves redirects from the former name, until another repository has it', async () => {
    const octokit = client(emulator, await mint(emulator, 'octo-org'));
    const { id } = (await octokit.request('GET /repos/octo-org/app')).data as { id: number };
    await emulator.control.renameRepository(app, 'application');
    const request = { redirect: 'manual' } as const;
    const moved = await octokit.request('GET /repos/octo-org/app', { request });
    expect(moved).toMatchObject({ status: 301, headers: { location: `${emulator.url}/repositories/${id}` } });
    const found = await octokit.request(`GET /repositories/${id}`);
    expect(found.data).toMatchObject({ id, full_name: 'octo-org/application' });
    await emulator.control.putRepository({ owner: 'octo-org', name: 'app' });
    expect((await octokit.request('GET /repos/octo-org/app')).data).toMatchObject({ full_name: app });
  });

  test('is sent to the installation of the new owner only when it is transferred', async () => {
    await emulator.control.transferRepository(app, 'octo-partner');
    expect(received()).toMatchObject([
      [
        'repository',
        {
          action: 'transferred',
          installation: { id: EXAMPLE_INSTALLATIONS['octo-partner'] },
          repository: { name: 'app' },
        },
      ],
    ]);
    await emulator.control.addOwner({ login: 'stranger' });
    await emulator.control.transferRepository('octo-partner/app', 'stranger');
    expect(received()).toEqual([]);
  });

  test('is not sent when it is deleted', async () => {
    await emulator.control.removeRepository(app);
    expect(received()).toEqual([]);
  });
});

describe('an account that is renamed', () => {
  test('is reported to its installation, and its repositories have its new name', async () => {
    await emulator.control.renameAccount('octo-org', 'octo-inc');
    expect(received()).toMatchObject([
      [
        'installation_target',
        {
          action: 'renamed',
          account: { login: 'octo-inc' },
          changes: { login: { from: 'octo-org' } },
          installation: { id: EXAMPLE_INSTALLATIONS['octo-org'] },
          target_type: 'Organization',
        },
      ],
    ]);
    const octokit = client(emulator, await mint(emulator, 'octo-inc'));
    const request = { redirect: 'manual' } as const;
    expect(await octokit.request('GET /repos/octo-org/app', { request })).toMatchObject({ status: 301 });
    const { data } = await octokit.request('GET /repos/octo-inc/app');
    expect(data).toMatchObject({ full_name: 'octo-inc/app', owner: { login: 'octo-inc' } });
    await emulator.control.push('octo-inc/app', { files: { 'a.md': '1' } });
    expect(received()).toHaveLength(1);
    await expect(emulator.control.renameAccount('octo-inc', 'octo-partner')).rejects.toThrow('or octo-partner does');
  });

  test('is reported for a user, and not where the App is not installed', async () => {
    await emulator.control.renameAccount('monalisa', 'mona');
    expect(received()).toEqual([]);
    await emulator.control.putInstallation({ id: 9, account: 'octocat', repositories: 'all' });
    received();
    await emulator.control.renameAccount('octocat', 'octokitty');
    expect(received()).toMatchObject([['installation_target', { account: { type: 'User' }, target_type: 'User' }]]);
  });
});

test('a pull request of a fork is sent with its head, whose commit the base repository has; the pushes are not sent', async () => {
  const requested = { contents: 'read', pull_requests: 'read' } as const;
  await emulator.control.changeApp({ permissions: requested });
  await emulator.control.acceptPermissions(EXAMPLE_INSTALLATIONS['octo-org']);
  received();
  const { sha } = await emulator.control.updatePullRequest(app, {
    number: 7,
    files: { 'dispatching.yml': 'inbound: []' },
  });
  await emulator.control.updatePullRequest(app, { number: 7, files: { 'dispatching.yml': null } });
  const events = received();
  expect(events).toMatchObject([
    ['pull_request', { action: 'opened', number: 7, pull_request: { head: { sha, repo: { fork: true } } } }],
    ['pull_request', { action: 'synchronize' }],
  ]);
  expect(await emulator.control.files(app, sha)).toMatchObject({ 'dispatching.yml': 'inbound: []' });
});

describe('an installation', () => {
  const id = EXAMPLE_INSTALLATIONS['octo-org'];

  test('sends its events without a subscription', async () => {
    await emulator.control.changeApp({ events: [] });
    await emulator.control.suspendInstallation(id, true);
    await emulator.control.suspendInstallation(id, false);
    await emulator.control.putInstallation({ id, account: 'octo-org', repositories: ['app', 'deploy'] });
    await emulator.control.putInstallation({ id, account: 'octo-org', repositories: 'all' });
    await emulator.control.removeInstallation(id);
    await emulator.control.putInstallation({ id, account: 'octo-org', repositories: 'all' });
    expect(received().map(([event, { action }]) => `${event} ${String(action)}`)).toEqual([
      'installation suspend',
      'installation unsuspend',
      'installation_repositories removed',
      'installation_repositories added',
      'installation deleted',
      'installation created',
    ]);
  });

  test('gets no event of a permission that its owner has not accepted, and gets it after that', async () => {
    const requested = { contents: 'read', actions: 'write', issues: 'write', pull_requests: 'read' } as const;
    await emulator.control.changeApp({ permissions: requested });
    await emulator.control.updatePullRequest(app, { number: 7, files: { 'a.md': '1' } });
    expect(received()).toEqual([]);
    await emulator.control.acceptPermissions(id);
    await emulator.control.updatePullRequest(app, { number: 7, files: { 'a.md': '2' } });
    expect(received()).toMatchObject([
      ['installation', { action: 'new_permissions_accepted', installation: { permissions: requested } }],
      ['pull_request', { action: 'synchronize' }],
    ]);
  });
});
