import type { CompletedRun, DeliveryResult, RunReport, RunRequest } from './control.ts';
import type { Core } from './core.ts';
import { GitHubError } from './errors.ts';
import { renderRunCompleted, runUrls } from './render-runs.ts';
import { addRun, refNamed, workflowOf } from './runs.ts';
import { addOwner } from './seed.ts';
import type { Conclusion, Delivery, Repository, Run } from './state.ts';
import type { World } from './world.ts';
import { sendWebhook } from './webhook-faults.ts';

const FORK_OWNER = 'octo-contributor';

/** Lets a run happen that nobody dispatched, and completes it. */
export async function runHappens(core: Core, request: RunRequest): Promise<CompletedRun> {
  const { world } = core;
  const repository = repositoryNamed(world, request.repository);
  const workflow = workflowIn(repository, request.workflow);
  const branch = request.branch === undefined ? repository.defaultBranch : request.branch;
  const head = request.fork === true ? forkOf(world, repository) : repository;
  const actor = request.actor ?? 'octocat';
  if (world.owner(actor) === undefined) {
    addOwner(world, { login: actor, type: 'User' });
  }
  const run = addRun(world, repository, {
    workflow,
    event: request.event ?? (request.fork === true ? 'pull_request' : 'push'),
    headBranch: branch,
    // A fork's branch may have any name, so its head stands for all of them.
    headSha: headSha(head, request.fork === true || branch === null ? head.defaultBranch : branch),
    headRepositoryId: head.id,
    actor,
  });
  run.attempt = request.attempt ?? 1;
  return completeRun(core, run, request.conclusion ?? 'success', request.deliver ?? true);
}

export async function completeRun(core: Core, run: Run, conclusion: Conclusion, send = true): Promise<CompletedRun> {
  const { world } = core;
  if (run.status === 'completed') {
    throw new GitHubError(
      409,
      `Run ${run.id} is completed already: run it again with POST /_emulator/runs/${run.id}/rerun.`,
    );
  }
  Object.assign(run, { status: 'completed', conclusion, updatedAt: world.timestamp() });
  const repository = world.repositoryById(run.repositoryId);
  if (repository === undefined) {
    return { run: reportRun(core, run), delivery: null, notDelivered: 'Its repository is gone.' };
  }
  const reason = send ? whyNotDelivered(world, repository) : 'The request asked for a lost webhook.';
  if (reason !== null) {
    return { run: reportRun(core, run), delivery: null, notDelivered: reason };
  }
  const body = JSON.stringify(renderRunCompleted(world, core.base, repository, run));
  const sent = await sendWebhook(core, repository, { event: 'workflow_run', body });
  if ('held' in sent) {
    return { run: reportRun(core, run), delivery: null, notDelivered: sent.held };
  }
  return {
    run: reportRun(core, run),
    delivery: sent.delivery === null ? null : deliveryResult(sent.delivery),
    notDelivered: sent.delivery === null ? NO_URL : null,
  };
}

/**
 * Workflow execution protections let a run be created and end it before a job begins; its webhook says only `failure`.
 */
export function stopRun(core: Core, run: Run): Promise<CompletedRun> {
  // Before the webhook is sent: its receiver may ask for the jobs at once.
  run.stopped ||= run.status !== 'completed';
  return completeRun(core, run, 'failure');
}

export async function rerun(core: Core, run: Run, conclusion: Conclusion): Promise<CompletedRun> {
  const startedAt = core.world.timestamp();
  const { attempt } = run;
  const queued = { status: 'queued', conclusion: null, stopped: false, startedAt, updatedAt: startedAt };
  Object.assign(run, { attempt: attempt + 1, ...queued });
  return completeRun(core, run, conclusion);
}

export function deliveryResult(delivery: Delivery): DeliveryResult {
  const { id, guid, status, statusCode, responseBody } = delivery;
  return { id, guid, status, statusCode, responseBody };
}

export function reportRun(core: Core, run: Run): RunReport {
  const repository = core.world.repositoryById(run.repositoryId);
  const path = repository?.workflows.find(({ id }) => id === run.workflowId)?.path ?? '';
  return {
    ...run,
    repository: repository === undefined ? '' : `${repository.owner}/${repository.name}`,
    workflow: path.replace('.github/workflows/', ''),
    htmlUrl: repository === undefined ? '' : runUrls(core.base, repository, run.id).html,
  };
}

export function repositoryNamed(world: World, fullName: string): Repository {
  const [owner = '', name = ''] = fullName.split('/');
  const found = world.repository(owner, name);
  if (found === undefined) {
    const known = world.state.repositories.map((one) => `${one.owner}/${one.name}`).join(', ');
    throw new GitHubError(404, `The emulator has no repository "${fullName}". It has: ${known}.`);
  }
  return found;
}

export const NO_URL = 'The App has no webhook URL: set one with PATCH /_emulator/webhook.';

function whyNotDelivered(world: World, repository: Repository): string | null {
  const installation = world.installationOn(repository);
  if (installation === undefined) {
    return `The App is not installed on ${repository.owner}/${repository.name}.`;
  }
  if (installation.suspendedAt !== null) {
    return `Installation ${installation.id} is suspended.`;
  }
  return world.state.app.events.includes('workflow_run') ? null : 'The App does not subscribe to workflow_run.';
}

function workflowIn(repository: Repository, name: string) {
  try {
    return workflowOf(repository, name);
  } catch (error) {
    const known = repository.workflows.map(({ path }) => path).join(', ') || 'none';
    throw new GitHubError(
      404,
      `${repository.owner}/${repository.name} has no workflow "${name}" on ${repository.defaultBranch}. It has: ${known}.`,
      { cause: String(error) },
    );
  }
}

function headSha(repository: Repository, name: string): string {
  const ref = refNamed(repository, name);
  if (ref === null) {
    const known = [...Object.keys(repository.branches), ...Object.keys(repository.tags)].join(', ');
    throw new GitHubError(
      404,
      `${repository.owner}/${repository.name} has no branch or tag "${name}". It has: ${known}.`,
    );
  }
  return ref.oid;
}

/** A contributor's public fork: made when it is first needed, never installed on. */
function forkOf(world: World, repository: Repository): Repository {
  const known = world.repository(FORK_OWNER, repository.name);
  if (known !== undefined) {
    return known;
  }
  if (world.owner(FORK_OWNER) === undefined) {
    addOwner(world, { login: FORK_OWNER, type: 'User' });
  }
  const fork: Repository = {
    ...structuredClone(repository),
    id: world.nextId('repository'),
    owner: FORK_OWNER,
    fork: true,
    visibility: 'public',
    workflows: [],
  };
  world.state.repositories.push(fork);
  return fork;
}
