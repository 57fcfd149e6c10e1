import type { EmulatorControl, RunReport, Seed, SeedApp, SeedRepository } from '@dispatcher/github-emulator';

/**
 * How a route must end: its workflow starts, GitHub rejects the dispatch permanently, or the target's file denies it.
 * `repaired`: GitHub rejects the dispatch until the target is repaired, and starts the workflow after a replay.
 * `withdrawn`: the target's file allows it until the target withdraws its consent, before anything starts.
 */
export type RouteOutcome = 'started' | 'refused' | 'denied' | 'repaired' | 'withdrawn';

/** One route of the workload. Every source's workflow is `ci.yml`; every target's branches are `main` and `release`. */
export interface TestRoute {
  /** Unique in the workload, but shared by the targets of a pattern. The started run carries it as an input. */
  readonly name: string;
  /** `owner/name` */
  readonly source: string;
  readonly target: string;
  /** File name of the target's workflow. */
  readonly workflow: string;
  readonly ref: 'main' | 'release';
  readonly outcome: RouteOutcome;
  /** The workflows that the rule needs on one commit, the source's own among them. Absent: it is for single runs. */
  readonly needs?: readonly string[];
  /** The pattern that the rule has in the place of the target. The operator must allow patterns. */
  readonly pattern?: string;
  /** The check run that the rule asks for on the source's commit. Requires `checks: write`, which the seed then grants. */
  readonly check?: string;
}

/** Inputs of every started run. They identify the source run that led to it. */
export const inputTemplates = {
  dispatch: '${{ dispatch.id }}',
  run: '${{ source.id }}',
  attempt: '${{ source.run_attempt }}',
} as const;

export const sourceWorkflow = 'ci.yml';

/** Name of the API key that sends every request. */
export const keyName = 'nightly';

/** A request to the dispatch API. The started run carries its name as an input or in its payload. */
export interface TestRequest {
  /** Unique in the workload; also its idempotency key. */
  readonly name: string;
  /** `owner/name` */
  readonly target: string;
  readonly kind: 'workflow' | 'event';
  /** Body of `POST /dispatch`. */
  readonly body: object;
}

const eventType = 'deploy';

export function workflowRequest(name: string, target: string): TestRequest {
  return { name, target, kind: 'workflow', body: { repository: target, workflow: 'cd.yml', inputs: { route: name } } };
}

export function eventRequest(name: string, target: string): TestRequest {
  const body = { repository: target, event_type: eventType, client_payload: { route: name } };
  return { name, target, kind: 'event', body };
}

/** How a started run ends: with a conclusion, or stopped by workflow execution protections before its first job. */
export type RunEnd = 'success' | 'failure' | 'stopped';

export async function endRun(control: EmulatorControl, runId: number, end: RunEnd): Promise<RunReport> {
  const { run } = await (end === 'stopped' ? control.stop(runId) : control.complete(runId, end));
  return run;
}

/**
 * Returns the seed of a GitHub in which the sources list exactly these routes and the targets consent to all except the
 * denied ones. The targets of `requests` consent to the API key; they must not be targets of a route.
 */
export function seedOf(routes: readonly TestRoute[], app: SeedApp, requests: readonly TestRequest[] = []): Seed {
  const names = [...new Set(routes.flatMap(({ source, target }) => [source, target]))];
  const requestTargets = [...new Set(requests.map(({ target }) => target))];
  const owners = [...new Set([...names, ...requestTargets].map((name) => ownerOf(name)))];
  return {
    app: { ...app, ...grantsOf(routes, requests) },
    owners: [...owners.map((login) => ({ login })), { login: 'octocat', type: 'User' as const }],
    repositories: [...names.map((name) => repositoryOf(name, routes)), ...requestTargets.map(requestTarget)],
    installations: owners.map((account, index) => ({ id: 51_000_001 + index, account, repositories: 'all' as const })),
  };
}

const permissionsForEvents = { metadata: 'read', contents: 'write', actions: 'write', issues: 'write' } as const;
const permissionsForChecks = {
  metadata: 'read',
  contents: 'read',
  actions: 'write',
  issues: 'write',
  checks: 'write',
} as const;

/** Returns what the App is granted beside its defaults. */
function grantsOf(
  routes: readonly TestRoute[],
  requests: readonly TestRequest[],
): Pick<SeedApp, 'permissions' | 'events'> {
  if (requests.length > 0) return { permissions: permissionsForEvents };
  // A push tells the consent index who allows the source.
  if (routes.some(({ pattern }) => pattern !== undefined)) return { events: ['workflow_run', 'push'] };
  if (routes.every(({ check }) => check === undefined)) return {};
  return { permissions: permissionsForChecks, events: ['workflow_run', 'check_run', 'check_suite'] };
}

function requestTarget(fullName: string): SeedRepository {
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

function rulesOf(fullName: string, routes: readonly TestRoute[]) {
  return {
    outbound: routes.filter(({ source }) => source === fullName),
    inbound: routes.filter(({ target }) => target === fullName),
  };
}

/** Returns the `dispatching.yml` of each repository of the routes, by its full name. */
export function dispatchingFiles(routes: readonly TestRoute[]): ReadonlyMap<string, string> {
  const names = routes.flatMap(({ source, target }) => [source, target]);
  return new Map(
    names.map((name) => {
      const { outbound, inbound } = rulesOf(name, routes);
      return [name, dispatchingFile(outbound, inbound)];
    }),
  );
}

function repositoryOf(fullName: string, routes: readonly TestRoute[]): SeedRepository {
  const { outbound, inbound } = rulesOf(fullName, routes);
  const files = {
    'README.md': `# ${fullName}\n`,
    ...(outbound.length === 0
      ? {}
      : Object.fromEntries(
          sourceWorkflowsOf(outbound).map((file) => [
            `.github/workflows/${file}`,
            'name: CI\non: push\njobs: { test: { runs-on: ubuntu-latest } }\n',
          ]),
        )),
    ...Object.fromEntries(inbound.map(({ workflow }) => [`.github/workflows/${workflow}`, startableWorkflow])),
    'dispatching.yml': dispatchingFile(outbound, inbound),
  };
  const [owner = '', name = ''] = fullName.split('/');
  return { owner, name, defaultBranch: 'main', branches: { main: { files }, release: { files } } };
}

/** Returns the workflows of which a source completes a run: those that its routes are for. */
export function sourceWorkflowsOf(routes: readonly TestRoute[]): string[] {
  return [...new Set([sourceWorkflow, ...routes.flatMap(({ needs = [] }) => needs)])];
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

/** Returns the text of a `dispatching.yml` with these rules. */
export function dispatchingFile(outbound: readonly TestRoute[], inbound: readonly TestRoute[]): string {
  return `${JSON.stringify({
    ...(outbound.length === 0 ? {} : { outbound: outboundRules(outbound) }),
    ...(inbound.length === 0 ? {} : { inbound: inboundRules(inbound) }),
  })}\n`;
}

function outboundRules(routes: readonly TestRoute[]): object[] {
  const single = routes.filter(({ needs }) => needs === undefined);
  // The routes of a pattern are one target of the rule.
  const targets = [...new Map(single.map((route) => [route.name, outboundTarget(route)])).values()];
  return [
    ...(targets.length === 0 ? [] : [{ source: { workflow: sourceWorkflow }, targets }]),
    ...routes.flatMap((route) =>
      route.needs === undefined ? [] : [{ source: { needs: route.needs }, targets: [outboundTarget(route)] }],
    ),
  ];
}

function outboundTarget({ name, target, pattern, workflow, ref, check }: TestRoute) {
  const inputs = { ...inputTemplates, route: name };
  return { repository: pattern ?? target, workflow, id: name, ref, inputs, ...(check === undefined ? {} : { check }) };
}

function inboundRules(inbound: readonly TestRoute[]) {
  const consented = inbound.filter(({ outcome }) => outcome !== 'denied');
  // A target without any rule would have no file, which is another reason to deny. So it consents to another source.
  if (consented.length === 0)
    return [{ source: { repository: 'nobody', workflow: sourceWorkflow }, targets: [{ workflow: 'other.yml' }] }];
  const sources = [...new Set(consented.map(({ source }) => source))];
  return sources.map((repository) => ({
    source: { repository, workflow: sourceWorkflow },
    targets: [...new Set(consented.filter(({ source }) => source === repository).map(({ workflow }) => workflow))].map(
      (workflow) => ({ workflow, refs: ['main', 'release'], inputs: inputNames }),
    ),
  }));
}
