import type { CompletedRun, DeliveryResult, RunRequest, StartedRunRequest } from './control-client.ts';
import type { EmulatorContext } from '../server/context.ts';
import { includesLevel } from '../state/levels.ts';
import { ApiError } from '../common/api-error.ts';
import { BUILD_FAILED_PATH, renderRunCompletedEvent, renderRunReport, type RunReport } from '../render/render-runs.ts';
import { createRun, findWorkflow } from '../workflows/workflow-runs.ts';
import { findRef } from '../state/refs.ts';
import { addOwner } from '../state/seed.ts';
import type { Conclusion, Delivery, Repository, Run, Workflow } from '../state/entities.ts';
import { type StateStore, timestamp } from '../state/state-store.ts';
import { sendWebhook } from '../webhooks/send-webhook.ts';

const FORK_OWNER = 'octo-contributor';
const MANAGED_PREFIX = 'dynamic/';

/** Creates a run that was not dispatched, and completes it. */
export async function createCompletedRun(context: EmulatorContext, request: RunRequest): Promise<CompletedRun> {
  const run = createRunOf(context, request);
  const { conclusion = 'success', deliver, durationMs } = request;
  const endedAt = durationMs === undefined ? undefined : timestamp(Date.parse(run.startedAt) + durationMs);
  return completeRun(context, run, conclusion, { send: deliver, endedAt });
}

/** Creates a run that was not dispatched, and leaves it in progress. */
export function startRun(context: EmulatorContext, request: StartedRunRequest): RunReport {
  const run = createRunOf(context, request);
  run.status = 'in_progress';
  return renderRunReport(context.store, context.base, run);
}

function createRunOf({ store }: EmulatorContext, request: StartedRunRequest): Run {
  const repository = findRepository(store, request.repository);
  const isManaged = request.workflow.startsWith(MANAGED_PREFIX);
  const workflow = isManaged
    ? fileLessWorkflow(store, repository, { path: request.workflow, state: 'active' })
    : requireWorkflow(repository, request.workflow);
  const branch = request.branch === undefined ? repository.defaultBranch : request.branch;
  const head = request.fork === true ? findOrCreateFork(store, repository) : repository;
  const actor = request.actor ?? 'octocat';
  if (store.owner(actor) === undefined) {
    addOwner(store, { login: actor, type: 'User' });
  }
  const run = createRun(store, repository, {
    workflow,
    event: request.event ?? defaultEvent(request, isManaged),
    // Without a prefix, as GitHub sends it: a run of the tag `main` looks like one of the branch `main`.
    headBranch: branch === null ? null : branch.replace(/^refs\/(?:heads|tags)\//, ''),
    refType: branch !== null && findRef(head, branch)?.kind === 'tag' ? 'tag' : 'branch',
    // The branch of a fork can have any name, so its default branch provides the commit.
    headSha: request.sha ?? headSha(head, request.fork === true || branch === null ? head.defaultBranch : branch),
    headRepositoryId: head.id,
    actor,
  });
  run.attempt = request.attempt ?? 1;
  if (request.pullRequests !== undefined) run.pullRequests = request.pullRequests;
  const createdAt = timestamp(store.now() - (request.ageMs ?? 0));
  Object.assign(run, { createdAt, startedAt: run.attempt === 1 ? createdAt : run.startedAt });
  return run;
}

function defaultEvent({ fork }: StartedRunRequest, isManaged: boolean): string {
  if (isManaged) {
    return 'dynamic';
  }
  return fork === true ? 'pull_request' : 'push';
}

/** Returns the workflow with this path, which is not that of a file, registered at its first run. */
function fileLessWorkflow(
  store: StateStore,
  repository: Repository,
  { path, state }: Pick<Workflow, 'path' | 'state'>,
): Workflow {
  const known = repository.workflows.find((workflow) => workflow.path === path);
  if (known !== undefined) {
    return known;
  }
  const at = store.timestamp();
  const name = path === BUILD_FAILED_PATH ? '' : path.slice(path.lastIndexOf('/') + 1);
  const workflow: Workflow = { id: store.nextId('workflow'), path, name, state, createdAt: at, updatedAt: at };
  repository.workflows.push(workflow);
  return workflow;
}

export async function completeRun(
  context: EmulatorContext,
  run: Run,
  conclusion: Conclusion,
  { send = true, endedAt }: { readonly send?: boolean | undefined; readonly endedAt?: string | undefined } = {},
): Promise<CompletedRun> {
  const { store } = context;
  if (run.status === 'completed') {
    throw new ApiError(
      409,
      `Run ${run.id} is already completed. To run it again, use POST /_emulator/runs/${run.id}/rerun.`,
    );
  }
  Object.assign(run, { status: 'completed', conclusion, updatedAt: endedAt ?? store.timestamp() });
  const repository = store.repositoryById(run.repositoryId);
  if (repository === undefined) {
    return {
      run: renderRunReport(context.store, context.base, run),
      delivery: null,
      notDelivered: 'Its repository was removed.',
    };
  }
  const reason = send ? reasonNotDelivered(store, repository) : 'The request set "deliver" to false.';
  if (reason !== null) {
    return { run: renderRunReport(context.store, context.base, run), delivery: null, notDelivered: reason };
  }
  const body = JSON.stringify(renderRunCompletedEvent(store, context.base, repository, run));
  const sent = await sendWebhook(context, repository, { event: 'workflow_run', body });
  if ('delayed' in sent) {
    return { run: renderRunReport(context.store, context.base, run), delivery: null, notDelivered: sent.delayed };
  }
  return {
    run: renderRunReport(context.store, context.base, run),
    delivery: sent.delivery === null ? null : toDeliveryResult(sent.delivery),
    notDelivered: sent.delivery === null ? NO_WEBHOOK_URL : null,
  };
}

/**
 * Ends a run as workflow execution protections do: GitHub creates the run and ends it before a job begins. Its webhook
 * has the conclusion `failure`.
 */
export function stopRun(context: EmulatorContext, run: Run): Promise<CompletedRun> {
  // Set before the webhook is sent, because its receiver may read the jobs immediately.
  run.stopped ||= run.status !== 'completed';
  return completeRun(context, run, 'failure');
}

/** Ends a run as GitHub does when it cannot build the workflow, for example because of a billing block. */
export function failRunAtStartup(context: EmulatorContext, run: Run): Promise<CompletedRun> {
  const repository = context.store.repositoryById(run.repositoryId);
  if (repository !== undefined && run.status !== 'completed') {
    run.workflowId = fileLessWorkflow(context.store, repository, { path: BUILD_FAILED_PATH, state: 'deleted' }).id;
  }
  return completeRun(context, run, 'startup_failure');
}

export async function rerun(context: EmulatorContext, run: Run, conclusion: Conclusion): Promise<CompletedRun> {
  startAttempt(context, run);
  return completeRun(context, run, conclusion);
}

/** Runs a run again, with the next attempt number, and leaves it in progress. */
export function startAttempt({ store, base }: EmulatorContext, run: Run): RunReport {
  const startedAt = store.timestamp();
  const { attempt } = run;
  const started = { status: 'in_progress', conclusion: null, stopped: false, startedAt, updatedAt: startedAt };
  Object.assign(run, { attempt: attempt + 1, ...started });
  return renderRunReport(store, base, run);
}

export function toDeliveryResult(delivery: Delivery): DeliveryResult {
  const { id, guid, status, statusCode, responseBody } = delivery;
  return { id, guid, status, statusCode, responseBody };
}

/** Returns a repository by its full name. Throws 404 with the names of the existing ones. */
export function findRepository(store: StateStore, fullName: string): Repository {
  const [owner = '', name = ''] = fullName.split('/');
  const repository = store.repository(owner, name);
  if (repository === undefined) {
    const known = store.state.repositories.map((one) => `${one.owner}/${one.name}`).join(', ');
    throw new ApiError(404, `The emulator has no repository "${fullName}". It has: ${known}.`);
  }
  return repository;
}

/** Returns a run by its id. Throws 404 if there is none. */
export function runById({ store }: EmulatorContext, id: string): Run {
  const run = store.state.runs.find((one) => String(one.id) === id);
  if (run === undefined) {
    throw new ApiError(404, `The emulator has no run ${id}. GET /_emulator/runs lists the runs.`);
  }
  return run;
}

export const NO_WEBHOOK_URL = 'The App has no webhook URL: set one with PATCH /_emulator/webhook.';

function reasonNotDelivered(store: StateStore, repository: Repository): string | null {
  const installation = store.installationOn(repository);
  if (installation === undefined) {
    return `The App is not installed on ${repository.owner}/${repository.name}.`;
  }
  if (installation.suspendedAt !== null) {
    return `Installation ${installation.id} is suspended.`;
  }
  if (!includesLevel(installation.permissions['actions'], 'read')) {
    return `Installation ${installation.id} did not grant actions: read.`;
  }
  return store.state.app.events.includes('workflow_run') ? null : 'The App does not subscribe to workflow_run.';
}

function requireWorkflow(repository: Repository, name: string) {
  try {
    return findWorkflow(repository, name);
  } catch (error) {
    const known = repository.workflows.map(({ path }) => path).join(', ') || 'none';
    throw new ApiError(
      404,
      `${repository.owner}/${repository.name} has no workflow "${name}" on ${repository.defaultBranch}. It has: ${known}.`,
      { cause: String(error) },
    );
  }
}

function headSha(repository: Repository, name: string): string {
  const ref = findRef(repository, name);
  if (ref === null) {
    const known = [...Object.keys(repository.branches), ...Object.keys(repository.tags)].join(', ');
    throw new ApiError(404, `${repository.owner}/${repository.name} has no branch or tag "${name}". It has: ${known}.`);
  }
  return ref.oid;
}

/** Returns the public fork of a contributor, created at the first use. The App is not installed on it. */
export function findOrCreateFork(store: StateStore, repository: Repository): Repository {
  const known = store.repository(FORK_OWNER, repository.name);
  if (known !== undefined) {
    return known;
  }
  if (store.owner(FORK_OWNER) === undefined) {
    addOwner(store, { login: FORK_OWNER, type: 'User' });
  }
  const fork: Repository = {
    ...structuredClone(repository),
    id: store.nextId('repository'),
    owner: FORK_OWNER,
    fork: true,
    visibility: 'public',
    workflows: [],
  };
  store.state.repositories.push(fork);
  return fork;
}
