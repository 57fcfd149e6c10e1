import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConsentEdge } from '@dispatcher/contracts';
import { completeRun, startedFeatures } from '../app/emulator.ts';
import { startSystem, type System } from '../app/system.ts';
import { openBrowser } from '../browser/test-browser.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { factsOfRun, ofType, operatorEnvironment, runCommandLine } from '../testing/operator.ts';
import { eventually, until } from '../testing/until.ts';

// A source that starts every repository that allows it, in the running system: repositories subscribe and leave by their own files.

let dataDir: string;
let system: System;
let github: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'patterns-'));
  // Pushes arrive as hints, so that the consent index follows them, and the source's commits have checks.
  const features = { scheduleEveryMs: 500, appFeatures: startedFeatures };
  system = await startSystem({ dataDir, port: 0, env: { ALLOW_PATTERNS: 'true' }, ...features });
  github = system.emulatorUrl ?? '';
  const running = { url: system.url, emulatorUrl: github, emulatorToken: system.emulatorToken };
  await writeFile(join(dataDir, 'running.json'), JSON.stringify(running));
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

const source = 'octo-org/library';
const pattern = "outbound: [{ source: { workflow: ci.yml }, targets: [{ repository: 'user-*', workflow: cd.yml }] }]\n";
const subscribed =
  'inbound: [{ source: { repository: library, workflow: ci.yml }, targets: [{ workflow: cd.yml }] }]\n';
const left = 'inbound: []\n';

async function create(repository: string, dispatching: string): Promise<void> {
  const [owner, name] = repository.split('/');
  const files = {
    '.github/workflows/ci.yml': 'on: [push]\njobs: {}\n',
    '.github/workflows/cd.yml': 'on: workflow_dispatch\njobs: {}\n',
    'dispatching.yml': left,
  };
  await control(github, 'POST', '/repositories', { owner, name, branches: { main: { files } } });
  await push(repository, dispatching);
}

async function push(repository: string, dispatching: string): Promise<void> {
  await control(github, 'POST', `/repositories/${repository}/push`, { files: { 'dispatching.yml': dispatching } });
}

/** Waits until the consent index knows exactly these subscribers. */
async function untilSubscribed(...names: readonly string[]): Promise<void> {
  await eventually(async () => {
    const response = await fetch(`${system.url}/api/repositories/${source}/graph`);
    const { outbound } = (await response.json()) as { outbound?: ConsentEdge[] };
    const agreed = (outbound ?? []).filter(({ state }) => state === 'agreed');
    expect(agreed.map(({ target }) => target.repository).toSorted()).toEqual(names);
  });
}

/** Completes a run of the source and waits until it is planned. Returns what was decided, as `user-a allowed`. */
async function decideRun(
  repository = source,
): Promise<{ readonly runKey: string; readonly decided: readonly string[] }> {
  const { delivery } = await completeRun(github, { repository, workflow: 'ci.yml' });
  const runKey = (JSON.parse(delivery?.responseBody ?? '{}') as { accepted: string }).accepted;
  const planned = async () => {
    const facts = await factsOfRun(system.url, runKey);
    const [plan] = ofType(facts, 'run.planned');
    const decisions = ofType(facts, 'route.decided').map(({ data }) => data.decision);
    return plan !== undefined && decisions.length === plan.data.allowed + plan.data.denied ? decisions : null;
  };
  await until(async () => (await planned()) !== null);
  const decided = ((await planned()) ?? []).map(
    ({ route, code }) => `${route.target.repository.replace('octo-org/', '')} ${code}`,
  );
  return { runKey, decided: decided.toSorted() };
}

interface CheckRun {
  readonly repository: string;
  readonly name: string;
  readonly summary: string;
}

/** Returns the texts of the check runs on the commits of the source that say what was started. */
async function summaries(): Promise<readonly string[]> {
  const checks = await control<readonly CheckRun[]>(github, 'GET', '/check-runs');
  return checks
    .filter(({ repository, name }) => repository === source && name === 'Dispatcher')
    .map(({ summary }) => summary);
}

const started = async (name: string) => (await dispatchedRuns(github, `octo-org/${name}`)).length;

test('repositories subscribe to a source and leave it by their own files, and the source changes nothing', async () => {
  await create('octo-org/user-a', subscribed);
  await create('octo-org/user-b', left);
  await create('octo-org/other', subscribed);
  await create(source, pattern);
  await untilSubscribed('octo-org/user-a');
  const first = await decideRun();
  expect(first.decided).toEqual(['user-a allowed']);
  await eventually(async () => expect([await started('user-a'), await started('user-b')]).toEqual([1, 0]));
  const plan = await fetch(`${system.url}/api/plans/${first.runKey}`);
  expect(JSON.stringify(await plan.json())).toContain('"candidates":{"count":1,"listedAt":"20');

  await push('octo-org/user-b', subscribed);
  await untilSubscribed('octo-org/user-a', 'octo-org/user-b');
  expect((await decideRun()).decided).toEqual(['user-a allowed', 'user-b allowed']);
  await eventually(async () => expect([await started('user-a'), await started('user-b')]).toEqual([2, 1]));

  // The index may still list it: the file decides.
  await push('octo-org/user-a', left);
  const { decided } = await decideRun();
  expect(decided).toContain('user-b allowed');
  expect(decided).not.toContain('user-a allowed');
  await untilSubscribed('octo-org/user-b');
  expect((await decideRun()).decided).toEqual(['user-b allowed']);
  await eventually(async () => expect(await started('user-b')).toBe(3));
  expect([await started('user-a'), await started('other')]).toEqual([2, 0]);

  const issues = await control<readonly { readonly repository: string }[]>(github, 'GET', '/issues');
  expect(issues.filter(({ repository }) => repository === source)).toEqual([]);
  // Everybody who reads the source reads its checks, and need not know the private repositories that subscribed.
  await eventually(async () => expect((await summaries()).join()).toContain('2 repositories: 2 started'));
  expect((await summaries()).join()).not.toMatch(/user-[ab]/);
});

test('the command line explains which repositories a pattern means', async () => {
  const environment = { ...(await operatorEnvironment(dataDir)), DISPATCHER_DATA_DIR: dataDir };
  const candidates = ['--candidate', 'octo-org/user-a', '--candidate', 'octo-org/user-b'];
  const out = await runCommandLine(environment, 'explain', '--live', source, ...candidates);
  expect(out).toContain('Starts octo-org/user-b:cd.yml.');
  expect(out).toContain('deny octo-org/user-a:cd.yml (outbound[0].targets[0]: user-*)');
});

test('the page of a run says how many repositories its patterns meant, and what the consent index knew', async () => {
  const alone = 'octo-org/alone';
  await create(alone, pattern.replace('user-*', 'nobody-*'));
  const runs = [await decideRun(), await decideRun(alone)];
  const browser = await openBrowser();
  const texts: (string | null)[] = [];
  for (const { runKey } of runs) {
    const visit = await browser.visit(system.url);
    await visit.open(`/runs/${runKey}`);
    texts.push(await visit.page.getByText('because of a pattern').textContent());
    await visit.close();
  }
  await browser.close();
  expect(texts).toEqual([
    expect.stringMatching(
      /^1 repository was decided because of a pattern\. The consent index listed those that allow this source .+\.$/,
    ),
    // The index may have been computed again since the repository was created: then it lists none for it.
    expect.stringMatching(
      /^0 repositories were decided because of a pattern\. The consent index (lists no repository that allows this source|listed those that allow this source .+)\.$/,
    ),
  ]);
});
