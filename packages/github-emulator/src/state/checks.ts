import { ApiError, forbidden, invalid, invalidRequest, notFound } from '../common/api-error.ts';
import { record, stringOrNull } from '../common/json-values.ts';
import {
  CHECK_CONCLUSIONS,
  CHECK_STATUSES,
  type CheckAnnotation,
  type CheckApp,
  type CheckRun,
  type CheckStatus,
  type CheckSuite,
  type Repository,
} from './entities.ts';
import { resolveCommit } from './refs.ts';
import { type StateStore, timestamp } from './state-store.ts';

const MAX_TEXT_LENGTH = 65_535;
const MAX_ANNOTATIONS = 50;
const MAX_ACTIONS = 3;
const MAX_RUNS_OF_NAME = 1_000;
const DAY_MS = 86_400_000;
const STALE_AFTER_MS = 14 * DAY_MS;
const KEPT_FOR_MS = 400 * DAY_MS;

/** The App that writes the checks of GitHub Actions: a workflow with `checks: write` writes in its name. */
export const ACTIONS_APP: CheckApp = { id: 15_368, slug: 'github-actions' };

/** Returns this App as the writer of checks. */
export function ownCheckApp(store: StateStore): CheckApp {
  const { id, slug } = store.state.app;
  return { id, slug };
}

/**
 * Returns all check runs, oldest first, after what time does to them: after 14 days without a completion GitHub marks a
 * check run as stale, and after 400 days it deletes it.
 */
export function checkRunsOf(store: StateStore): readonly CheckRun[] {
  const now = store.now();
  const { state } = store;
  if (state.checkRuns.some(({ createdAt }) => now - Date.parse(createdAt) >= KEPT_FOR_MS)) {
    state.checkRuns = state.checkRuns.filter(({ createdAt }) => now - Date.parse(createdAt) < KEPT_FOR_MS);
  }
  for (const run of state.checkRuns) {
    // What an earlier version stored has no `openSince`.
    const staleAt = Date.parse(run.openSince ?? run.createdAt) + STALE_AFTER_MS;
    if (run.status === 'completed' || now < staleAt) continue;
    const at = timestamp(staleAt);
    Object.assign(run, { status: 'completed', conclusion: 'stale', completedAt: at, updatedAt: at, openSince: null });
  }
  return state.checkRuns;
}

export function createCheckRun(store: StateStore, repository: Repository, app: CheckApp, body: unknown): CheckRun {
  requireUnarchived(repository);
  const fields = record(body);
  const name = stringOrNull(fields['name']);
  const headSha = stringOrNull(fields['head_sha']);
  if (name === null || name === '') throw missing('name');
  if (headSha === null) throw missing('head_sha');
  if (repository.commits[headSha] === undefined) throw invalid(`No commit found for SHA: ${headSha}`);
  const at = store.timestamp();
  const run: CheckRun = {
    id: 0,
    repositoryId: repository.id,
    suiteId: 0,
    app,
    name,
    headSha,
    externalId: '',
    detailsUrl: null,
    status: 'queued',
    conclusion: null,
    startedAt: at,
    completedAt: null,
    openSince: at,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    actions: [],
    createdAt: at,
    updatedAt: at,
  };
  applyFields(store, run, fields);
  const suite = suiteOn(store, repository, app, headSha);
  run.suiteId = suite.id;
  run.id = store.nextId('check-run');
  Object.assign(suite, { rerequestedAt: null, updatedAt: at });
  store.state.checkRuns.push(run);
  deleteOldestOfName(store, run);
  return run;
}

/** @throws 403 when another App created the check run */
export function updateCheckRun(
  store: StateStore,
  repository: Repository,
  app: CheckApp,
  { run, body }: { readonly run: CheckRun; readonly body: unknown },
): void {
  requireUnarchived(repository);
  if (run.app.id !== app.id) {
    throw new ApiError(
      403,
      `Invalid app_id \`${app.id}\` - check run can only be modified by the GitHub App that created it.`,
    );
  }
  const changed = structuredClone(run);
  applyFields(store, changed, record(body));
  const updatedAt = store.timestamp();
  Object.assign(run, changed, { updatedAt });
  Object.assign(suiteOn(store, repository, app, run.headSha), { rerequestedAt: null, updatedAt });
}

export function findCheckRun(store: StateStore, repository: Repository, id: string): CheckRun {
  const run = checkRunsOf(store).find((one) => one.repositoryId === repository.id && String(one.id) === id);
  if (run === undefined) throw notFound();
  return run;
}

export function findCheckSuite(store: StateStore, repository: Repository, id: string): CheckSuite {
  const suite = store.state.checkSuites.find((one) => one.repositoryId === repository.id && String(one.id) === id);
  if (suite === undefined) throw notFound();
  return suite;
}

/** Returns the check runs of a commit that the query selects, newest first. */
export function listCheckRuns(
  store: StateStore,
  selected: (run: CheckRun) => boolean,
  query: Readonly<Record<string, string | undefined>>,
  lagMs: number,
): CheckRun[] {
  const { check_name: name, app_id: appId, status, filter = 'latest' } = query;
  if (filter !== 'latest' && filter !== 'all') throw invalidRequest(`"${filter}" is not a value of filter.`);
  const runs = checkRunsOf(store).filter(
    (run) =>
      selected(run) &&
      Date.parse(run.createdAt) + lagMs <= store.now() &&
      (name === undefined || run.name === name) &&
      (appId === undefined || String(run.app.id) === appId) &&
      (status === undefined || run.status === status),
  );
  return (filter === 'all' ? runs : latestOf(runs)).toReversed();
}

/** Returns the newest check run of every name in every suite: siblings of the same name are hidden. */
function latestOf(runs: readonly CheckRun[]): CheckRun[] {
  const latest = new Map<string, CheckRun>();
  for (const run of runs) {
    const key = `${run.suiteId}/${run.name}`;
    latest.delete(key);
    latest.set(key, run);
  }
  return [...latest.values()];
}

export function listCheckSuites(
  store: StateStore,
  repository: Repository,
  headSha: string,
  { app_id: appId }: Readonly<Record<string, string | undefined>>,
): CheckSuite[] {
  return store.state.checkSuites.filter(
    (suite) =>
      suite.repositoryId === repository.id &&
      suite.headSha === headSha &&
      (appId === undefined || String(suite.app.id) === appId),
  );
}

/** Returns the suite of an App on a commit; GitHub opens one with the first check run. */
export function suiteOn(store: StateStore, repository: Repository, app: CheckApp, headSha: string): CheckSuite {
  const known = store.state.checkSuites.find(
    (suite) => suite.repositoryId === repository.id && suite.headSha === headSha && suite.app.id === app.id,
  );
  if (known !== undefined) return known;
  const at = store.timestamp();
  const suite: CheckSuite = {
    id: store.nextId('check-suite'),
    repositoryId: repository.id,
    app,
    headSha,
    rerequestedAt: null,
    createdAt: at,
    updatedAt: at,
  };
  store.state.checkSuites.push(suite);
  return suite;
}

/** Opens the empty suite that GitHub creates at every push for an App with `checks: write`. */
export function openSuiteOnPush(store: StateStore, repository: Repository, headSha: string): void {
  const installation = store.installationOn(repository);
  if (installation?.permissions['checks'] === 'write') suiteOn(store, repository, ownCheckApp(store), headSha);
}

/** Returns the runs of a suite; of each name the newest. */
export function runsOfSuite(store: StateStore, suite: CheckSuite): CheckRun[] {
  return latestOf(checkRunsOf(store).filter(({ suiteId }) => suiteId === suite.id));
}

/** Returns the status of a suite: that of its runs, unless all were requested again and none was written since. */
export function suiteState(store: StateStore, suite: CheckSuite): Pick<CheckRun, 'status' | 'conclusion'> {
  const runs = runsOfSuite(store, suite);
  if (runs.length === 0 || suite.rerequestedAt !== null) return { status: 'queued', conclusion: null };
  const open = runs.find(({ status }) => status === 'in_progress') ?? runs.find(({ status }) => status === 'queued');
  if (open !== undefined) return { status: open.status, conclusion: null };
  const order = ['failure', 'timed_out', 'action_required', 'cancelled', 'stale', 'success', 'neutral', 'skipped'];
  const worst = runs.toSorted((a, b) => order.indexOf(a.conclusion ?? '') - order.indexOf(b.conclusion ?? ''))[0];
  return { status: 'completed', conclusion: worst?.conclusion ?? null };
}

export interface Mergeability {
  readonly mergeable: boolean;
  readonly reason: string;
}

const RECENT_MS = 7 * DAY_MS;

/**
 * Applies GitHub's rule for a required check: the newest check run of that name on the commit, from the expected App if
 * the rule names one, was completed within 7 days with `success`, `neutral` or `skipped`.
 */
export function isMergeable(
  store: StateStore,
  repository: Repository,
  { sha, check, appId }: { readonly sha: string; readonly check: string; readonly appId: number | null },
): Mergeability {
  const newest = checkRunsOf(store).findLast(
    (run) =>
      run.repositoryId === repository.id &&
      run.headSha === sha &&
      run.name === check &&
      (appId === null || run.app.id === appId),
  );
  if (newest === undefined) return { mergeable: false, reason: 'Expected: waiting for the check to be reported.' };
  if (newest.status !== 'completed') return { mergeable: false, reason: `The check is ${newest.status}.` };
  const isOld = store.now() - Date.parse(newest.completedAt ?? newest.updatedAt) > RECENT_MS;
  if (isOld) return { mergeable: false, reason: 'The check was completed more than 7 days ago.' };
  const passed = ['success', 'neutral', 'skipped'].includes(newest.conclusion ?? '');
  return { mergeable: passed, reason: `The check concluded with ${newest.conclusion}.` };
}

/** In a suite, GitHub keeps the newest 1,000 check runs of a name. */
function deleteOldestOfName(store: StateStore, { suiteId, name }: CheckRun): void {
  const same = store.state.checkRuns.filter((run) => run.suiteId === suiteId && run.name === name);
  const surplus = new Set(same.slice(0, Math.max(0, same.length - MAX_RUNS_OF_NAME)));
  if (surplus.size > 0) store.state.checkRuns = store.state.checkRuns.filter((run) => !surplus.has(run));
}

function applyFields(store: StateStore, run: CheckRun, fields: Readonly<Record<string, unknown>>): void {
  const { name, status, conclusion, output, actions } = fields;
  if (name !== undefined && (typeof name !== 'string' || name === '')) throw invalidRequest('name is not a string.');
  run.name = stringOrNull(name) ?? run.name;
  run.externalId = stringOrNull(fields['external_id']) ?? run.externalId;
  run.detailsUrl = detailsUrlOf(fields['details_url']) ?? run.detailsUrl;
  run.startedAt = timeOf('started_at', fields['started_at']) ?? run.startedAt;
  if (status !== undefined && !CHECK_STATUSES.some((one) => one === status)) {
    throw invalidRequest(`${JSON.stringify(status)} is not a member of ${JSON.stringify(CHECK_STATUSES)}.`);
  }
  if (conclusion !== undefined && !CHECK_CONCLUSIONS.some((one) => one === conclusion)) {
    throw invalidRequest(`${JSON.stringify(conclusion)} is not a member of ${JSON.stringify(CHECK_CONCLUSIONS)}.`);
  }
  const next = (conclusion === undefined ? status : 'completed') as CheckStatus | undefined;
  if (status === 'completed' && conclusion === undefined && run.conclusion === null) {
    throw invalidRequest('For status "completed", a conclusion is required.');
  }
  if (next === 'completed') {
    run.conclusion = (conclusion as CheckRun['conclusion'] | undefined) ?? run.conclusion;
    run.completedAt = timeOf('completed_at', fields['completed_at']) ?? store.timestamp();
    run.openSince = null;
  } else if (next !== undefined) {
    run.conclusion = null;
    run.completedAt = null;
    run.openSince ??= store.timestamp();
  }
  run.status = next ?? run.status;
  if (output !== undefined) applyOutput(run, record(output));
  if (actions !== undefined) run.actions = actionsOf(actions);
}

function applyOutput(run: CheckRun, output: Readonly<Record<string, unknown>>): void {
  const { title, summary, text, annotations } = output;
  if (typeof summary !== 'string' || (typeof title !== 'string' && run.title === null)) {
    throw invalidRequest('output requires a title and a summary.');
  }
  for (const [field, value] of [
    ['summary', summary],
    ['text', text],
  ] as const) {
    if (typeof value === 'string' && value.length > MAX_TEXT_LENGTH) {
      throw invalid('Validation Failed', {
        errors: [
          { resource: 'CheckRun', field, code: 'custom', message: `${field} exceeds a maximum length of 65535` },
        ],
      });
    }
  }
  run.title = stringOrNull(title) ?? run.title;
  run.summary = summary;
  run.text = stringOrNull(text) ?? run.text;
  if (annotations === undefined) return;
  if (!Array.isArray(annotations) || annotations.length > MAX_ANNOTATIONS) {
    throw invalidRequest(`No more than ${MAX_ANNOTATIONS} items are allowed in annotations.`);
  }
  run.annotations = [...run.annotations, ...annotations.map(annotationOf)];
}

const isLine = (line: unknown) => typeof line === 'number' && Number.isInteger(line) && line >= 1;

function annotationOf(value: unknown): CheckAnnotation {
  const fields = record(value);
  const { path, start_line: start, end_line: end, annotation_level: level, message } = fields;
  const isLevel = level === 'notice' || level === 'warning' || level === 'failure';
  if (typeof path !== 'string' || !isLine(start) || !isLine(end) || !isLevel || typeof message !== 'string') {
    throw invalidRequest('An annotation requires path, start_line, end_line, annotation_level and message.');
  }
  const hasColumns = fields['start_column'] !== undefined || fields['end_column'] !== undefined;
  if (hasColumns && start !== end) throw invalidRequest('Columns of an annotation require one line.');
  return fields as unknown as CheckAnnotation;
}

function actionsOf(value: unknown): CheckRun['actions'] {
  if (!Array.isArray(value) || value.length > MAX_ACTIONS) {
    throw invalidRequest(`No more than ${MAX_ACTIONS} items are allowed in actions.`);
  }
  return value.map((action) => {
    const { label, description, identifier } = record(action);
    const limits: readonly (readonly [string, unknown, number])[] = [
      ['label', label, 20],
      ['description', description, 40],
      ['identifier', identifier, 20],
    ];
    for (const [field, text, max] of limits) {
      if (typeof text !== 'string' || text.length > max) {
        throw invalidRequest(`The ${field} of an action is a string of at most ${max} characters.`);
      }
    }
    return { label: String(label), description: String(description), identifier: String(identifier) };
  });
}

function detailsUrlOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || !/^https?:\/\/\S+$/.test(value)) {
    throw invalid('Validation Failed', {
      errors: [{ resource: 'CheckRun', field: 'details_url', code: 'custom', message: 'details_url must use http(s)' }],
    });
  }
  return value;
}

function timeOf(field: string, value: unknown): string | null {
  if (value === undefined) return null;
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw invalidRequest(`${field} is not a date-time.`);
  return timestamp(time);
}

function requireUnarchived({ archived, disabled }: Repository): void {
  if (archived) throw new ApiError(403, 'Repository was archived so is read-only.');
  if (disabled) throw forbidden();
}

function missing(field: string): ApiError {
  return invalidRequest(`"${field}" wasn't supplied.`);
}

/** Returns the commit that a path names by its id, a branch or a tag. Throws GitHub's 422 when there is none. */
export function commitOfPath(repository: Repository, ref: string): string {
  const sha = resolveCommit(repository, ref);
  if (sha === null) throw invalid(`No commit found for SHA: ${ref}`);
  return sha;
}
