import type { EmulatorControl, RunReport, Seed, SeedApp, SeedRepository } from '@dispatcher/github-emulator';

/**
 * How a route must end: its workflow is started, GitHub refuses it for good, or the target's file denies it. `mended`:
 * GitHub refuses it until somebody mends that, and starts it when it is decided again.
 */
export type End = 'started' | 'refused' | 'denied' | 'mended';

/** One route of a test world. Every source's workflow is `ci.yml`, every target's branches are `main` and `release`. */
export interface TestRoute {
  /** Unique in its world; the started run carries it as an input. */
  readonly name: string;
  /** `owner/name` */
  readonly source: string;
  readonly target: string;
  /** File name of the target's workflow. */
  readonly workflow: string;
  readonly ref: 'main' | 'release';
  readonly end: End;
}

/** The inputs of every started run: whose it is can be told by them alone. */
export const inputTemplates = {
  dispatch: '${{ dispatch.id }}',
  run: '${{ source.id }}',
  attempt: '${{ source.run_attempt }}',
} as const;

export const sourceWorkflow = 'ci.yml';

/** The key of every request. */
export const keyName = 'nightly';

/** What a key asks for at the door. The started run carries its name, as an input or in its payload. */
export interface TestRequest {
  /** Unique in its world; also its idempotency key. */
  readonly name: string;
  /** `owner/name` */
  readonly target: string;
  readonly asks: 'workflow' | 'event';
  /** Of the `POST /dispatch`. */
  readonly body: object;
}

const eventType = 'deploy';

export function workflowRequest(name: string, target: string): TestRequest {
  return { name, target, asks: 'workflow', body: { repository: target, workflow: 'cd.yml', inputs: { route: name } } };
}

export function eventRequest(name: string, target: string): TestRequest {
  const body = { repository: target, event_type: eventType, client_payload: { route: name } };
  return { name, target, asks: 'event', body };
}

/** How a started run ends: with this conclusion, or stopped by workflow execution protections before a job began. */
export type RunEnd = 'success' | 'failure' | 'stopped';

export async function endRun(control: EmulatorControl, runId: number, how: RunEnd): Promise<RunReport> {
  const { run } = await (how === 'stopped' ? control.stop(runId) : control.complete(runId, how));
  return run;
}

/**
 * A GitHub in which exactly these routes are asked for, and all but the denied ones are agreed to. The requests' targets
 * agree to them; they are the target of no route.
 */
export function seedOf(routes: readonly TestRoute[], app: SeedApp, requests: readonly TestRequest[] = []): Seed {
  const names = [...new Set(routes.flatMap(({ source, target }) => [source, target]))];
  const open = [...new Set(requests.map(({ target }) => target))];
  const owners = [...new Set([...names, ...open].map((name) => ownerOf(name)))];
  return {
    app: requests.length === 0 ? app : { ...app, permissions: permissionsForEvents },
    owners: [...owners.map((login) => ({ login })), { login: 'octocat', type: 'User' as const }],
    repositories: [...names.map((name) => repositoryOf(name, routes)), ...open.map(openToKey)],
    installations: owners.map((account, index) => ({ id: 51_000_001 + index, account, repositories: 'all' as const })),
  };
}

const permissionsForEvents = { metadata: 'read', contents: 'write', actions: 'write', issues: 'write' } as const;

function openToKey(fullName: string): SeedRepository {
  const targets = [{ workflow: 'cd.yml', inputs: ['route'] }, { 'event-type': eventType }];
  const files = {
    'dispatching.yml': `${JSON.stringify({ inbound: [{ source: { key: keyName }, targets }] })}\n`,
    '.github/workflows/cd.yml': startableWorkflow,
    '.github/workflows/on-event.yml': `on: { repository_dispatch: { types: [${eventType}] } }\njobs: {}\n`,
  };
  const [owner = '', name = ''] = fullName.split('/');
  return { owner, name, defaultBranch: 'main', branches: { main: { files } } };
}

function ownerOf(fullName: string): string {
  return fullName.split('/')[0] ?? '';
}

function repositoryOf(fullName: string, routes: readonly TestRoute[]): SeedRepository {
  const outbound = routes.filter(({ source }) => source === fullName);
  const inbound = routes.filter(({ target }) => target === fullName);
  const files = {
    'README.md': `# ${fullName}\n`,
    ...(outbound.length === 0
      ? {}
      : {
          [`.github/workflows/${sourceWorkflow}`]: 'name: CI\non: push\njobs: { test: { runs-on: ubuntu-latest } }\n',
        }),
    ...Object.fromEntries(inbound.map(({ workflow }) => [`.github/workflows/${workflow}`, startableWorkflow])),
    'dispatching.yml': dispatchingFile(outbound, inbound),
  };
  const [owner = '', name = ''] = fullName.split('/');
  return { owner, name, defaultBranch: 'main', branches: { main: { files }, release: { files } } };
}

const inputNames = [...Object.keys(inputTemplates), 'route'];

const startableWorkflow = `name: Target
on:
  workflow_dispatch:
    inputs:
${inputNames.map((name) => `      ${name}: { type: string }`).join('\n')}
jobs:
  work:
    runs-on: ubuntu-latest
    steps: [{ run: ./work.sh }]
`;

/** Also what a push may replace the file by. */
export function dispatchingFile(outbound: readonly TestRoute[], inbound: readonly TestRoute[]): string {
  return `${JSON.stringify({
    ...(outbound.length === 0
      ? {}
      : { outbound: [{ source: { workflow: sourceWorkflow }, targets: outbound.map(asked) }] }),
    ...(inbound.length === 0 ? {} : { inbound: agreed(inbound) }),
  })}\n`;
}

function asked({ name, target, workflow, ref }: TestRoute) {
  return { repository: target, workflow, id: name, ref, inputs: { ...inputTemplates, route: name } };
}

function agreed(inbound: readonly TestRoute[]) {
  const willing = inbound.filter(({ end }) => end !== 'denied');
  // A target that agrees to nobody would have no file to be denied by: it agrees to somebody else.
  if (willing.length === 0)
    return [{ source: { repository: 'nobody', workflow: sourceWorkflow }, targets: [{ workflow: 'other.yml' }] }];
  const sources = [...new Set(willing.map(({ source }) => source))];
  return sources.map((repository) => ({
    source: { repository, workflow: sourceWorkflow },
    targets: [...new Set(willing.filter(({ source }) => source === repository).map(({ workflow }) => workflow))].map(
      (workflow) => ({ workflow, refs: ['main', 'release'], inputs: inputNames }),
    ),
  }));
}
