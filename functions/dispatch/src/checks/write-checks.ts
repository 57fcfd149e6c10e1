import { createHash } from 'node:crypto';
import { checkExternalId } from '@dispatcher/contracts';
import {
  type CheckAnnotation,
  type CheckClient,
  type CheckContent,
  type CheckRepository,
  GitHubPermanentError,
  GitHubUnknownOutcomeError,
  maxAnnotations,
} from '@dispatcher/github';
import { DeferError } from '@dispatcher/lambda';
import type { CheckClaim, CheckGroup, CheckRecord, CheckRecords, FairnessQueue } from '@dispatcher/store';
import type { RateKey } from '../rate-limits/fairness.ts';
import { acquireWrite, type RateLimiterDependencies } from '../rate-limits/rate-limiter.ts';
import type { DesiredCheck } from './check-content.ts';

export interface WriteCheckDependencies extends RateLimiterDependencies {
  readonly checkRecords: CheckRecords;
  readonly checks: CheckClient;
  readonly fairnessQueue: FairnessQueue;
  /** `RECONCILE_WINDOW_SECONDS`, in milliseconds. */
  readonly windowMs: number;
  readonly now: () => number;
}

/** The commit that check runs are written on. */
export interface CheckPlace extends CheckRepository {
  readonly headSha: string;
}

/** The check runs to write, under one claim. */
export interface CheckTask {
  /** Identifies the group of check runs and, as `external_id`, each of them at GitHub together with its name. */
  readonly key: string;
  readonly place: CheckPlace;
  /** For fairness between sources. */
  readonly source: string;
  readonly signal: AbortSignal;
}

export type ClaimedChecks = Extract<CheckClaim, { state: 'claimed' }>;

/**
 * Returns the time after which GitHub's list is asked what a lost response did. It shows a new check run up to 67 s late, later
 * than the list of runs: by default this is two minutes.
 */
const unknownForMs = ({ windowMs }: Pick<WriteCheckDependencies, 'windowMs'>): number => 2 * windowMs;
/** A POST is sent only if its response arrives within this time, so that the list shows its check run when it is asked. */
const maxCreateMs = 40_000;
const retryMs = 1_000;
/** How often a check run may change whose changes can wait. */
const patchIntervalMs = 60_000;

/**
 * Does work on the check runs of a group under its claim, so that only one worker at a time creates or changes them.
 * `work` returns the group to store.
 * @throws DeferError while another worker has the claim
 */
export async function withCheckGroup(
  deps: WriteCheckDependencies,
  key: string,
  work: (claim: ClaimedChecks) => Promise<CheckGroup>,
): Promise<void> {
  const claim = await deps.checkRecords.claim(key);
  if (claim.state === 'busy') {
    const retryAt = await deps.fairnessQueue.reserve(`checks#${key}`, deps.now() + retryMs, retryMs);
    throw new DeferError('Another worker is writing the checks.', retryAt - deps.now());
  }
  let group: CheckGroup;
  try {
    group = await work(claim);
  } catch (error) {
    // The next worker may begin at once: that a POST is about to be sent is saved before it, so a check run whose creation
    // is not recorded is looked up first.
    // If that fails, the claim expires; the cause decides when the message is retried.
    await deps.checkRecords.releaseClaim(key, claim.lease).catch(() => undefined);
    throw error;
  }
  await deps.checkRecords.release(key, claim.lease, group);
}

/** The result of writing: the group to store, and what remains to be thrown after it was stored. */
export interface WrittenChecks {
  readonly group: CheckGroup;
  /** Why some check runs are not as they should be yet; null if all are. */
  readonly error: unknown;
}

/**
 * Brings check runs up to date, each created once whatever breaks: that a request to create one is about to be sent is
 * recorded first, and if its response is lost, GitHub's list is asked two minutes later, before another is created.
 * Under a claim.
 */
export async function writeChecks(
  deps: WriteCheckDependencies,
  task: CheckTask,
  claim: ClaimedChecks,
  group: CheckGroup,
  desired: readonly DesiredCheck[],
): Promise<WrittenChecks> {
  let current = group;
  let problem: unknown = null;
  const keep = (name: string, record: CheckRecord): void => {
    current = { ...current, checks: { ...current.checks, [name]: record } };
  };
  const save = () => deps.checkRecords.save(task.key, claim.lease, current);
  for (const check of desired) {
    try {
      const record = current.checks[check.name] ?? null;
      const digest = digestOf(check, current);
      if (record?.refused !== undefined || record?.shown === digest) continue;
      const writer = { deps, task, claim, check, digest, keep, save };
      const known = record?.id == null ? await adopt(writer, record) : record;
      if (known === null) await create(writer);
      else await update(writer, known, null);
    } catch (error) {
      problem = moreUrgent(problem, error);
      // Without the permission, or while GitHub limits or cannot be reached, the next would fail as well.
      if (!(error instanceof DeferError)) break;
    }
  }
  return { group: current, error: problem };
}

/** Returns whether every check run is as it should be, as far as is recorded. */
export function areWritten(group: CheckGroup, desired: readonly DesiredCheck[]): boolean {
  return desired.every((check) => {
    const record = group.checks[check.name];
    return record !== undefined && (record.refused !== undefined || record.shown === digestOf(check, group));
  });
}

/** Returns the error that decides when a message is retried: the first that is not a deferral, or else the shortest deferral. */
export function moreUrgent(first: unknown, second: unknown): unknown {
  if (first === null) return second;
  if (!(first instanceof DeferError)) return first;
  return second instanceof DeferError && second.afterMs >= first.afterMs ? first : second;
}

function digestOf({ content }: DesiredCheck, { refreshes }: CheckGroup): string {
  return createHash('sha256')
    .update(JSON.stringify([content, refreshes]))
    .digest('hex')
    .slice(0, 16);
}

interface Writer {
  readonly deps: WriteCheckDependencies;
  readonly task: CheckTask;
  readonly claim: ClaimedChecks;
  readonly check: DesiredCheck;
  readonly digest: string;
  readonly keep: (name: string, record: CheckRecord) => void;
  readonly save: () => Promise<void>;
}

/**
 * Returns the record of the check run that an earlier request may have created, or null if there is none.
 * @throws DeferError while GitHub's list may not show it yet
 */
async function adopt({ deps, task, check, keep }: Writer, record: CheckRecord | null): Promise<CheckRecord | null> {
  if (record === null || record.creatingAt === null) return null;
  const waitMs = record.creatingAt + unknownForMs(deps) - deps.now();
  if (waitMs > 0) throw new DeferError('It is unknown whether GitHub created a check run.', waitMs);
  const { place, key, signal } = task;
  const listed = await deps.checks.list(place, { name: check.name, headSha: place.headSha }, { signal });
  const oldest = listed.find(({ externalId }) => externalId === checkExternalId(key));
  if (oldest === undefined) return null;
  const adopted = { ...record, id: oldest.id, creatingAt: null, writtenAt: 0 };
  keep(check.name, adopted);
  return adopted;
}

async function create(writer: Writer): Promise<void> {
  const { deps, task, claim, check, digest, keep, save } = writer;
  const { place, key, signal } = task;
  await acquire(deps, task);
  const { status } = check.content;
  const creatingAt = deps.now();
  const record: CheckRecord = { id: null, creatingAt, shown: null, isCompleted: false, writtenAt: creatingAt };
  keep(check.name, record);
  await save();
  const responseDeadline = Math.min(claim.until, creatingAt + maxCreateMs);
  const { headSha } = place;
  const content = withAnnotations(check.content, 0);
  const request = { ...content, name: check.name, headSha, externalId: checkExternalId(key), responseDeadline };
  let id: number;
  try {
    ({ id } = await deps.checks.create(place, request, { signal }));
  } catch (error) {
    if (error instanceof GitHubUnknownOutcomeError) throw outcomeUnknown(deps, error);
    // Nothing was created.
    keep(check.name, { ...record, creatingAt: null, ...refusalOf(error) });
    if (refusalOf(error).refused === undefined) throw error;
    return;
  }
  const isWhole = annotationsOf(check).length <= maxAnnotations;
  const isCompleted = status === 'completed';
  const created: CheckRecord = { ...record, id, creatingAt: null, shown: isWhole ? digest : null, isCompleted };
  keep(check.name, created);
  if (!isWhole) await update(writer, created, maxAnnotations);
}

/**
 * Changes a check run, in as many requests as its annotations need.
 * @param annotated how many annotations the check run has; null if that is not known
 */
async function update(writer: Writer, record: CheckRecord, annotated: number | null): Promise<void> {
  const { deps, check, digest, keep } = writer;
  const waitMs = record.writtenAt + patchIntervalMs - deps.now();
  if (check.mayWait && waitMs > 0) throw new DeferError('Changes of the summary are written once a minute.', waitMs);
  try {
    let sent = annotated ?? (await countAnnotations(writer, record));
    do {
      await patch(writer, record, sent);
      sent += maxAnnotations;
    } while (sent < annotationsOf(check).length);
    const isCompleted = check.content.status === 'completed';
    keep(check.name, { ...record, shown: digest, isCompleted, writtenAt: deps.now() });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal.refused === undefined) throw error;
    keep(check.name, { ...record, ...refusal });
  }
}

/**
 * Returns how many annotations a check run has: GitHub adds those of each request, so what an earlier request sent must not be
 * sent again.
 * @throws DeferError while GitHub may not show the last write yet
 */
async function countAnnotations({ deps, task, check }: Writer, record: CheckRecord): Promise<number> {
  if (annotationsOf(check).length === 0) return 0;
  const waitMs = record.writtenAt + unknownForMs(deps) - deps.now();
  if (waitMs > 0) throw new DeferError('GitHub may not show the last annotations of a check run yet.', waitMs);
  return deps.checks.countAnnotations(task.place, idOf(check, record), { signal: task.signal });
}

/** Sends what a check run shows, with the next annotations from the given one. */
async function patch(
  { deps, task, claim, check, keep, save }: Writer,
  record: CheckRecord,
  from: number,
): Promise<void> {
  await acquire(deps, task);
  const content = withAnnotations(check.content, from);
  if (content.annotations !== undefined) {
    keep(check.name, { ...record, shown: null, writtenAt: deps.now() });
    await save();
  }
  const request = content.annotations === undefined ? content : { ...content, responseDeadline: claim.until };
  try {
    await deps.checks.update(task.place, idOf(check, record), request, { signal: task.signal });
  } catch (error) {
    if (error instanceof GitHubUnknownOutcomeError) throw outcomeUnknown(deps, error);
    throw error;
  }
}

function outcomeUnknown(deps: WriteCheckDependencies, error: GitHubUnknownOutcomeError): DeferError {
  return new DeferError(error.message, unknownForMs(deps), { cause: error });
}

function idOf({ name }: DesiredCheck, { id }: CheckRecord): number {
  if (id === null) throw new Error(`The check ${name} has no id. This is a bug in writeChecks.`);
  return id;
}

const annotationsOf = ({ content }: DesiredCheck): readonly CheckAnnotation[] => content.annotations ?? [];

/** Returns the content with the annotations of one request, from the given one; without any if none is left. */
function withAnnotations({ annotations = [], ...content }: CheckContent, from: number): CheckContent {
  const next = annotations.slice(from, from + maxAnnotations);
  return next.length === 0 ? content : { ...content, annotations: next };
}

/** Returns GitHub's final refusal of one check run. A refusal of the token concerns the installation and is not final. */
function refusalOf(error: unknown): { readonly refused?: string } {
  return error instanceof GitHubPermanentError && error.code === null ? { refused: error.message.slice(0, 200) } : {};
}

/** Checks have turns of their own, so that they take no dispatch's place. */
async function acquire(deps: WriteCheckDependencies, { place, source }: CheckTask): Promise<void> {
  const key: RateKey = { installationId: place.installationId, source: `checks/${source}` };
  await acquireWrite(deps, key, 'check', 'The write would exceed a quarter of GITHUB_WRITES_PER_MINUTE.');
}
