import { type DeliveriesChecked, factId, type PickResult, pickRunCompleted, runKey } from '@dispatcher/contracts';
import {
  type DeliveryLog,
  GitHubError,
  GitHubPermanentError,
  GitHubRateLimitedError,
  type LoggedDelivery,
} from '@dispatcher/github';
import type { Bus, Meter, StepLog } from '@dispatcher/lambda';
import type { DeliveryCheck, DeliveryCheckStore } from '@dispatcher/store';

export interface CheckDependencies {
  readonly deliveries: DeliveryLog;
  readonly check: DeliveryCheckStore;
  readonly isPlanned: (runKey: string) => Promise<boolean>;
  readonly bus: Bus;
  readonly meter: Meter;
  readonly log: StepLog;
  readonly now: () => number;
}

// GitHub logs an attempt once it has ended, up to 10 s later, and clocks differ. So each check also reads entries from
// this long before the previous check. A delivery that was redelivered since then has a newer attempt.
const overlapMs = 60_000;
// How long GitHub keeps its log. A failed redelivery is logged again, so without this limit it would be retried forever.
const maxRunAgeMs = 3 * 24 * 60 * 60_000;
// 2,000 entries, and about as many writes as GitHub allows an App per minute (900 points at 5 each).
const maxPages = 20;
const maxRedeliveries = 100;
const concurrency = 5;
// A DynamoDB item is limited to 400 KB. At worst, a delivery whose GUID is dropped is redelivered once more.
const maxAttempted = 5_000;

type RedeliveryResult = 'redelivered' | 'planned' | 'ignored' | 'givenUp';

interface Tally {
  scanned: number;
  readonly redelivered: string[];
  planned: number;
  ignored: number;
  givenUp: number;
}

/**
 * Reads GitHub's log of deliveries since the last check, and requests the redelivery of every completed workflow run
 * whose newest attempt failed and that is not planned. Requesting it twice is harmless: a planned run that is delivered
 * again starts nothing.
 *
 * The log is read newest first, page by page. Progress is stored after each page, so the next check continues one that
 * met its limit or whose process died. The very first check only records the time: runs whose delivery failed before
 * Dispatcher was installed are not started.
 * @param hasTimeForPage returns false if too little time is left for another page
 */
export async function checkDeliveries(deps: CheckDependencies, hasTimeForPage: () => boolean): Promise<void> {
  const startedAt = new Date(deps.now()).toISOString();
  const tally: Tally = { scanned: 0, redelivered: [], planned: 0, ignored: 0, givenUp: 0 };
  const previous = (await deps.check.getDeliveryCheck()) ?? (await putFirstCheck(deps, startedAt));
  const isLimited = previous.notBefore !== null && Date.parse(previous.notBefore) > deps.now();
  const isFirst = previous.checkedUntil === startedAt;
  const current = isLimited || isFirst ? previous : await scanLog(deps, previous, { startedAt, tally, hasTimeForPage });
  await publishResult(deps, startedAt, current.checkedUntil, tally);
}

async function putFirstCheck(deps: CheckDependencies, checkedUntil: string): Promise<DeliveryCheck> {
  const first = { checkedUntil, notBefore: null, scan: null };
  await deps.check.putDeliveryCheck(first);
  return first;
}

interface Scan {
  readonly startedAt: string;
  readonly tally: Tally;
  readonly hasTimeForPage: () => boolean;
}

async function scanLog(deps: CheckDependencies, previous: DeliveryCheck, scan: Scan): Promise<DeliveryCheck> {
  const { startedAt, tally, hasTimeForPage } = scan;
  const scanStartedAt = previous.scan?.startedAt ?? startedAt;
  const since = Date.parse(previous.checkedUntil) - overlapMs;
  const attempted = new Set(previous.scan?.attempted);
  let check: DeliveryCheck = { ...previous, notBefore: null };
  try {
    for (
      let pages = 0;
      pages < maxPages && tally.redelivered.length < maxRedeliveries && hasTimeForPage();
      pages += 1
    ) {
      const { deliveries, older } = await deps.deliveries.page(check.scan?.cursor ?? null);
      const entries = deliveries.filter(({ deliveredAt }) => Date.parse(deliveredAt) >= since);
      tally.scanned += entries.length;
      await redeliverEach(deps, newestFailed(entries, attempted), tally);
      const isLast = older === null || entries.length < deliveries.length;
      check = isLast
        ? { checkedUntil: scanStartedAt, notBefore: null, scan: null }
        : {
            ...check,
            scan: { startedAt: scanStartedAt, cursor: older, attempted: [...attempted].slice(-maxAttempted) },
          };
      await deps.check.putDeliveryCheck(check);
      if (isLast) break;
    }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    // A failure of GitHub ends this check without an error; the next check continues at the same page.
    deps.log.warn('could not read GitHub’s delivery log', { status: error.status, error });
    deps.meter.count('DeliveryChecksCutShort', { kind: error.kind });
    await deps.check.putDeliveryCheck(afterGitHubError(check, error, deps.now()));
  }
  return check;
}

function afterGitHubError(check: DeliveryCheck, error: GitHubError, now: number): DeliveryCheck {
  if (error instanceof GitHubRateLimitedError) {
    return { ...check, notBefore: new Date(now + error.retryAfterMs).toISOString() };
  }
  // GitHub may have rejected the cursor: the next check starts at the newest entry.
  return error instanceof GitHubPermanentError ? { ...check, scan: null } : check;
}

/**
 * Returns the deliveries of completed runs whose newest attempt failed.
 * @param entries newest first
 * @param attempted GUIDs whose newest attempt was seen; receives those of redeliveries
 */
function newestFailed(entries: readonly LoggedDelivery[], attempted: Set<string>): LoggedDelivery[] {
  const failed: LoggedDelivery[] = [];
  for (const entry of entries) {
    if (entry.event !== 'workflow_run' || entry.action !== 'completed' || attempted.has(entry.guid)) continue;
    if (entry.redelivery) attempted.add(entry.guid);
    if (entry.status !== 'OK') failed.push(entry);
  }
  return failed;
}

async function redeliverEach(deps: CheckDependencies, failed: readonly LoggedDelivery[], tally: Tally): Promise<void> {
  for (let from = 0; from < failed.length; from += concurrency) {
    const chunk = failed.slice(from, from + concurrency);
    const results = await Promise.allSettled(chunk.map((delivery) => redeliver(deps, delivery)));
    for (const [index, result] of results.entries()) {
      const guid = chunk[index]?.guid ?? '';
      if (result.status === 'rejected') continue;
      if (result.value === 'redelivered') tally.redelivered.push(guid);
      else tally[result.value] += 1;
    }
    const rejected = results.find(({ status }) => status === 'rejected');
    if (rejected?.status === 'rejected') throw rejected.reason;
  }
}

async function redeliver(deps: CheckDependencies, delivery: LoggedDelivery): Promise<RedeliveryResult> {
  const { id, guid, status, statusCode } = delivery;
  let log = deps.log.with({ correlationId: guid });
  try {
    const payload = await deps.deliveries.payload(id);
    const picked = pickRunCompleted(payload, { deliveryId: guid, receivedAt: new Date(deps.now()).toISOString() });
    if (!isWorthRedelivery(picked) || statusCode === 413) return 'ignored';
    const key = runKey(picked.run);
    log = log.with({ runKey: key });
    if (await deps.isPlanned(key)) return 'planned';
    if (deps.now() - Date.parse(picked.run.run.updatedAt) > maxRunAgeMs) {
      log.error('gave up on a failed delivery: its run completed more than 3 days ago', { status, statusCode });
      return 'givenUp';
    }
    await deps.deliveries.redeliver(id);
  } catch (error) {
    if (!(error instanceof GitHubPermanentError)) throw error;
    log.error('gave up on a failed delivery: GitHub refused to redeliver it', { status, statusCode, error });
    return 'givenUp';
  }
  log.info('requested the redelivery of a failed delivery', { status, statusCode });
  return 'redelivered';
}

/**
 * Returns whether planning does more with the run than record that it starts nothing. A run that was dispatched may
 * complete its dispatch even if it belongs to no workflow file.
 */
function isWorthRedelivery(
  picked: PickResult,
): picked is Exclude<PickResult, { readonly state: 'malformed' } | { readonly run: null }> {
  return picked.state === 'picked' || (picked.state === 'ignored' && picked.run?.run.event === 'workflow_dispatch');
}

async function publishResult(
  deps: CheckDependencies,
  startedAt: string,
  checkedUntil: string,
  tally: Tally,
): Promise<void> {
  const now = deps.now();
  const { scanned, redelivered, planned, ignored, givenUp } = tally;
  const fact: DeliveriesChecked = {
    version: 1,
    id: factId('deliveries.checked', startedAt),
    type: 'deliveries.checked',
    time: new Date(now).toISOString(),
    correlationId: `check-${startedAt}`,
    data: {
      checkedUntil,
      lagMs: now - Date.parse(checkedUntil),
      complete: checkedUntil === startedAt,
      scanned,
      failed: redelivered.length + planned + ignored + givenUp,
      redelivered,
      planned,
      ignored,
      givenUp,
    },
  };
  await deps.bus.publish([fact]);
  deps.meter.milliseconds('DeliveryCheckLag', fact.data.lagMs);
  deps.meter.count('FailedDeliveries', { ending: 'redelivered' }, redelivered.length);
  deps.meter.count('FailedDeliveries', { ending: 'given-up' }, givenUp);
}
