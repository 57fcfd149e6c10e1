import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem, type System } from '../app/system.ts';
import { control } from '../testing/github.ts';
import { eventually } from '../testing/until.ts';

// The emulated App of the local system subscribes to pushes and changes of repositories: nobody waits for the next sweep,
// which begins six hours after the first one.

let dataDir: string;
let system: System;
let github: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'hints-'));
  system = await startSystem({ dataDir, port: 0, scheduleEveryMs: 500 });
  github = system.emulatorUrl ?? '';
  await eventually(async () => {
    const { sweeps } = await get<{ sweeps: { account: string; state: string }[] }>('/api/sweeps');
    expect(sweeps).toContainEqual(expect.objectContaining({ account: 'octo-org', state: 'done' }));
  });
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true, maxRetries: 5 });
});

async function get<T>(path: string): Promise<T> {
  const response = await fetch(system.url + path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}

interface Observed {
  readonly repository: string;
  readonly commit: string;
  readonly state: string;
  readonly formerNames: readonly string[];
  readonly outbound: readonly { readonly state: string; readonly target: { readonly repository: string } }[];
}

const observed = (repository: string) => get<Observed>(`/api/repositories/${repository}/graph`);

test('a pushed dispatching.yml is in the consent graph, with what it requests', async () => {
  const text = 'outbound: [{ source: { workflow: ci.yml }, targets: [{ repository: deploy, workflow: other.yml }] }]\n';
  const push = { files: { 'dispatching.yml': text } };
  const { sha } = await control<{ sha: string }>(github, 'POST', '/repositories/octo-org/docs/push', push);
  await eventually(async () => {
    const { commit, outbound } = await observed('octo-org/docs');
    expect(commit).toBe(sha);
    expect(outbound).toMatchObject([{ state: 'requested', target: { repository: 'octo-org/deploy' } }]);
  });
});

test('the repositories of a renamed account are in the consent graph under its new name', async () => {
  await control(github, 'PATCH', '/owners/octo-partner', { login: 'octo-friends' });
  await eventually(async () => {
    expect((await observed('octo-friends/service')).formerNames).toEqual(['octo-partner/service']);
  });
});

test('a renamed repository is in the consent graph under its new name', async () => {
  await control(github, 'POST', '/repositories/octo-org/app/rename', { name: 'storefront' });
  await eventually(async () => {
    expect((await observed('octo-org/storefront')).formerNames).toEqual(['octo-org/app']);
  });
});
