import { type DeliveriesChecked, factId, pickRunCompleted, runKey } from '@dispatcher/contracts';
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

// A line enters the log once its attempt has ended, which takes up to 10 s, and two clocks never agree: lines of this
// long before the last check are looked at again. Whatever was redelivered since has a newer attempt.
const overlapMs = 60_000;
// GitHub keeps its log so long; a redelivery that fails enters it again, and would go round for ever.
const keptMs = 3 * 24 * 60 * 60_000;
// 2,000 lines and about as many writes as GitHub allows an App in a minute (900 points at 5 each).
const mostPages = 20;
const mostRedeliveries = 100;
const atOnce = 5;
// An item holds 400 KB. A GUID that is forgotten is at worst redelivered once more.
const mostAttempted = 5_000;

type Ending = 'redelivered' | 'planned' | 'ignored' | 'givenUp';

interface Tally {
  scanned: number;
  readonly redelivered: string[];
  planned: number;
  ignored: number;
  givenUp: number;
}

/**
 * Looks through GitHub's log of deliveries since the last check, and asks GitHub to send again every completed workflow
 * run whose newest attempt failed and that is not planned. Asking twice is harmless: a repeat of a planned run starts
 * nothing.
 *
 * The log is read newest first, page by page; progress is stored after each, so that a check that was cut short, by its
 * bound or by its death, is gone on with by the next. The very first check only notes the time: what failed before this
 * was installed is not started now.
 * @param mayGoOn false where too little time is left for another page
 */
export async function checkDeliveries(deps: CheckDependencies, mayGoOn: () => boolean): Promise<void> {
  const startedAt = new Date(deps.now()).toISOString();
  const tally: Tally = { scanned: 0, redelivered: [], planned: 0, ignored: 0, givenUp: 0 };
  const known = (await deps.check.find()) ?? (await begin(deps, startedAt));
  const isLimited = known.notBefore !== null && Date.parse(known.notBefore) > deps.now();
  const isNew = known.checkedUntil === startedAt;
  const now = isLimited || isNew ? known : await lookThrough(deps, known, { startedAt, tally, mayGoOn });
  await tell(deps, startedAt, now.checkedUntil, tally);
}

async function begin(deps: CheckDependencies, checkedUntil: string): Promise<DeliveryCheck> {
  const first = { checkedUntil, notBefore: null, scan: null };
  await deps.check.put(first);
  return first;
}

interface Look {
  readonly startedAt: string;
  readonly tally: Tally;
  readonly mayGoOn: () => boolean;
}

async function lookThrough(deps: CheckDependencies, known: DeliveryCheck, look: Look): Promise<DeliveryCheck> {
  const { startedAt, tally, mayGoOn } = look;
  const began = known.scan?.startedAt ?? startedAt;
  const since = Date.parse(known.checkedUntil) - overlapMs;
  const attempted = new Set(known.scan?.attempted);
  let check: DeliveryCheck = { ...known, notBefore: null };
  try {
    for (let pages = 0; pages < mostPages && tally.redelivered.length < mostRedeliveries && mayGoOn(); pages += 1) {
      const { deliveries, older } = await deps.deliveries.page(check.scan?.cursor ?? null);
      const lines = deliveries.filter(({ deliveredAt }) => Date.parse(deliveredAt) >= since);
      tally.scanned += lines.length;
      await redeliverEach(deps, newestFailed(lines, attempted), tally);
      const isLast = older === null || lines.length < deliveries.length;
      check = isLast
        ? { checkedUntil: began, notBefore: null, scan: null }
        : { ...check, scan: { startedAt: began, cursor: older, attempted: [...attempted].slice(-mostAttempted) } };
      await deps.check.put(check);
      if (isLast) break;
    }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    // GitHub's trouble ends the check and is no error of it: the next one goes on at the same page.
    deps.log.warn('GitHub’s log of deliveries could not be looked through', { status: error.status, error });
    deps.meter.count('DeliveryChecksCutShort', { kind: error.kind });
    await deps.check.put(afterTrouble(check, error, deps.now()));
  }
  return check;
}

function afterTrouble(check: DeliveryCheck, error: GitHubError, now: number): DeliveryCheck {
  if (error instanceof GitHubRateLimitedError) {
    return { ...check, notBefore: new Date(now + error.retryAfterMs).toISOString() };
  }
  // It may be the cursor that GitHub no longer takes: the next check begins at the newest line.
  return error instanceof GitHubPermanentError ? { ...check, scan: null } : check;
}

/**
 * Of completed runs, what failed at its newest attempt. `lines` newest first; `attempted` takes in the GUIDs that were
 * tried more than once.
 */
function newestFailed(lines: readonly LoggedDelivery[], attempted: Set<string>): LoggedDelivery[] {
  const failed: LoggedDelivery[] = [];
  for (const line of lines) {
    if (line.event !== 'workflow_run' || line.action !== 'completed' || attempted.has(line.guid)) continue;
    if (line.redelivery) attempted.add(line.guid);
    if (line.status !== 'OK') failed.push(line);
  }
  return failed;
}

async function redeliverEach(deps: CheckDependencies, failed: readonly LoggedDelivery[], tally: Tally): Promise<void> {
  for (let from = 0; from < failed.length; from += atOnce) {
    const some = failed.slice(from, from + atOnce);
    const endings = await Promise.allSettled(some.map((delivery) => redeliver(deps, delivery)));
    for (const [index, ending] of endings.entries()) {
      const guid = some[index]?.guid ?? '';
      if (ending.status === 'rejected') continue;
      if (ending.value === 'redelivered') tally.redelivered.push(guid);
      else tally[ending.value] += 1;
    }
    const refused = endings.find(({ status }) => status === 'rejected');
    if (refused?.status === 'rejected') throw refused.reason;
  }
}

async function redeliver(deps: CheckDependencies, delivery: LoggedDelivery): Promise<Ending> {
  const { id, guid, status, statusCode } = delivery;
  let log = deps.log.with({ correlationId: guid });
  try {
    const payload = await deps.deliveries.payload(id);
    const picked = pickRunCompleted(payload, { deliveryId: guid, receivedAt: new Date(deps.now()).toISOString() });
    if (picked.state !== 'picked' || statusCode === 413) return 'ignored';
    const key = runKey(picked.run);
    log = log.with({ runKey: key });
    if (await deps.isPlanned(key)) return 'planned';
    if (deps.now() - Date.parse(picked.run.run.updatedAt) > keptMs) {
      log.error('failed delivery given up: its run ended more than 3 days ago', { status, statusCode });
      return 'givenUp';
    }
    await deps.deliveries.redeliver(id);
  } catch (error) {
    if (!(error instanceof GitHubPermanentError)) throw error;
    log.error('failed delivery given up: GitHub does not redeliver it', { status, statusCode, error });
    return 'givenUp';
  }
  log.info('failed delivery is redelivered', { status, statusCode });
  return 'redelivered';
}

async function tell(deps: CheckDependencies, startedAt: string, checkedUntil: string, tally: Tally): Promise<void> {
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
