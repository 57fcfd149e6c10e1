import { forbidden, GitHubError, invalid, invalidRequest, notFound } from './errors.ts';
import type { FileContent } from './git.ts';
import type { Repository, Run, Workflow } from './state.ts';
import { checkedInputs, dispatchInputs, jobsIn } from './workflow-file.ts';
import type { World } from './world.ts';

export interface NewRun {
  readonly workflow: Workflow;
  readonly event: string;
  readonly headBranch: string | null;
  readonly headSha: string;
  readonly headRepositoryId: number;
  readonly actor: string;
  readonly inputs?: Record<string, string>;
  /** `client_payload` as it came, of a `repository_dispatch`. */
  readonly clientPayload?: Readonly<Record<string, unknown>>;
  readonly startedByInstallation?: number;
}

/** Adds a queued run. */
export function addRun(world: World, repository: Repository, details: NewRun): Run {
  const at = world.timestamp();
  const run: Run = {
    id: world.nextId('run'),
    repositoryId: repository.id,
    workflowId: details.workflow.id,
    number: world.nextId(`run-number/${details.workflow.id}`),
    attempt: 1,
    event: details.event,
    status: 'queued',
    conclusion: null,
    headBranch: details.headBranch,
    headSha: details.headSha,
    headRepositoryId: details.headRepositoryId,
    actor: details.actor,
    inputs: details.inputs ?? {},
    ...(details.clientPayload === undefined ? {} : { clientPayload: details.clientPayload }),
    startedByInstallation: details.startedByInstallation ?? null,
    stopped: false,
    createdAt: at,
    startedAt: at,
    updatedAt: at,
  };
  world.state.runs.push(run);
  return run;
}

/** A workflow by its file name or its id. It counts only while its file stands on the default branch: else 404. */
export function workflowOf(repository: Repository, nameOrId: string): Workflow {
  const found = repository.workflows.find(
    ({ id, path }) => String(id) === nameOrId || path === `.github/workflows/${nameOrId}` || path === nameOrId,
  );
  const head = repository.branches[repository.defaultBranch];
  if (found === undefined || head === undefined || repository.commits[head]?.files[found.path] === undefined) {
    throw notFound();
  }
  return found;
}

/** A branch or a tag by its name. Null where there is none; a commit id is never a name. */
export function refNamed(
  repository: Repository,
  name: string,
): { readonly kind: 'branch' | 'tag'; readonly name: string; readonly oid: string } | null {
  const short = name.replace(/^refs\/(?:heads|tags)\//, '');
  const branch = name.startsWith('refs/tags/') ? undefined : repository.branches[short];
  if (branch !== undefined) {
    return { kind: 'branch', name: short, oid: branch };
  }
  const tag = name.startsWith('refs/heads/') ? undefined : repository.tags[short];
  return tag === undefined ? null : { kind: 'tag', name: short, oid: tag };
}

export interface DispatchBody {
  readonly ref: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly returnRunDetails: boolean;
}

/** Throws the 422 of a body that breaks the endpoint's schema. GHES up to 3.20 does not know `return_run_details`. */
export function dispatchBody(body: unknown, knowsRunDetails: boolean): DispatchBody {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidRequest('"ref" wasn\'t supplied.');
  }
  const {
    ref,
    inputs = {},
    return_run_details: returnRunDetails = false,
    ...rest
  }: Record<string, unknown> = { ...body };
  if (!knowsRunDetails && 'return_run_details' in body) {
    throw invalidRequest('"return_run_details" is not a permitted key.');
  }
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) {
    throw invalidRequest(`"${unknown}" is not a permitted key.`);
  }
  if (ref === undefined) {
    throw invalidRequest('"ref" wasn\'t supplied.');
  }
  if (typeof ref !== 'string') {
    throw invalidRequest(`For 'properties/ref', ${JSON.stringify(ref)} is not a string.`);
  }
  if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs)) {
    throw invalidRequest(`For 'properties/inputs', ${JSON.stringify(inputs)} is not an object.`);
  }
  if (typeof returnRunDetails !== 'boolean') {
    throw invalidRequest(`For 'properties/return_run_details', ${JSON.stringify(returnRunDetails)} is not a boolean.`);
  }
  return { ref, inputs: { ...inputs }, returnRunDetails };
}

/** Starts a workflow, or throws GitHub's refusal. Permission is the caller's business. */
export function startWorkflow(
  world: World,
  repository: Repository,
  workflowNameOrId: string,
  body: DispatchBody,
  installationId: number,
): Run {
  if (repository.archived) {
    throw new GitHubError(403, 'Repository was archived so is read-only.');
  }
  if (repository.disabled) {
    throw forbidden();
  }
  const workflow = workflowOf(repository, workflowNameOrId);
  if (workflow.state !== 'active') {
    throw invalid("Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  }
  const ref = refNamed(repository, body.ref);
  if (ref === null) {
    throw invalid(`No ref found for: ${body.ref}`);
  }
  const content: FileContent | undefined = repository.commits[ref.oid]?.files[workflow.path];
  const declared = dispatchInputs(content);
  if (declared === null) {
    throw invalid("Workflow does not have 'workflow_dispatch' trigger");
  }
  return addRun(world, repository, {
    workflow,
    event: 'workflow_dispatch',
    headBranch: ref.name,
    headSha: ref.oid,
    headRepositoryId: repository.id,
    actor: `${world.state.app.slug}[bot]`,
    inputs: checkedInputs(declared, body.inputs),
    startedByInstallation: installationId,
  });
}

/** The names of a run's jobs, one for each job of its file; none where GitHub ended it before it started one. */
export function jobNames(world: World, repository: Repository, run: Run): readonly string[] {
  if (run.stopped || run.conclusion === 'startup_failure') {
    return [];
  }
  const head = world.repositoryById(run.headRepositoryId) ?? repository;
  const commit = head.commits[run.headSha] ?? repository.commits[run.headSha];
  const path = repository.workflows.find(({ id }) => id === run.workflowId)?.path ?? '';
  return [...jobsIn(commit?.files[path]).values()];
}

export interface RunFilter {
  readonly event?: string | undefined;
  readonly branch?: string | undefined;
  readonly actor?: string | undefined;
  readonly status?: string | undefined;
  readonly head_sha?: string | undefined;
  readonly created?: string | undefined;
}

/** Newest first. A run younger than `lagMs` is not listed yet, as GitHub's list can lag behind its runs. */
export function listRuns(
  world: World,
  repository: Repository,
  workflow: Workflow | null,
  filter: RunFilter,
  lagMs: number,
): Run[] {
  const created = createdFilter(filter.created);
  return world.state.runs
    .filter(
      (run) =>
        run.repositoryId === repository.id &&
        (workflow === null || run.workflowId === workflow.id) &&
        matches(filter.event, run.event) &&
        matches(filter.branch, run.headBranch) &&
        matches(filter.actor?.toLowerCase(), run.actor.toLowerCase()) &&
        matches(filter.head_sha, run.headSha) &&
        (filter.status === undefined || run.status === filter.status || run.conclusion === filter.status) &&
        created(Date.parse(run.createdAt)) &&
        Date.parse(run.createdAt) + lagMs <= world.now(),
    )
    .sort((left, right) => right.id - left.id);
}

function matches(wanted: string | undefined, value: string | null): boolean {
  return wanted === undefined || wanted === value;
}

/** GitHub's date search: `>=`, `<=`, `>`, `<`, `from..to` (either may be `*`), or one day or moment. */
function createdFilter(created: string | undefined): (ms: number) => boolean {
  if (created === undefined) {
    return () => true;
  }
  const range = created.match(/^(.+)\.\.(.+)$/);
  if (range !== null) {
    const from = range[1] === '*' ? Number.NEGATIVE_INFINITY : moment(range[1]);
    const to = range[2] === '*' ? Number.POSITIVE_INFINITY : moment(range[2]);
    return (ms) => ms >= from && ms <= to;
  }
  const [, operator, text] = created.match(/^(>=|<=|>|<)?(.+)$/) ?? [];
  const at = moment(text);
  switch (operator) {
    case '>=':
      return (ms) => ms >= at;
    case '<=':
      return (ms) => ms <= at;
    case '>':
      return (ms) => ms > at;
    case '<':
      return (ms) => ms < at;
    default:
      return (ms) => ms >= at && ms < at + (text?.includes('T') ? 1_000 : 86_400_000);
  }
}

function moment(text: string | undefined): number {
  const ms = Date.parse(text ?? '');
  if (Number.isNaN(ms)) {
    throw invalid(`Validation Failed: "${text}" is not a recognized date/time format.`);
  }
  return ms;
}
