import type { DeadLetterCommand, DeadLetterOutcome, DeadLetterSelection } from '@dispatcher/dead-letters';
import type { ApiClient } from '../client/api-client.ts';
import { ApiError } from '../client/api-error.ts';
import type { ActionOptions, ActionResult, ReportedDeadLetter } from './dead-letter-operations.ts';

export interface DeadLetterApiOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or at once if the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The response of a redrive or discard. */
interface ActionResponse {
  readonly actionId: string;
  readonly before: string;
  readonly scanned: number;
  readonly newer: number;
  readonly outcomes: Readonly<Partial<Record<DeadLetterOutcome, number>>>;
  readonly deadLetters: readonly (Omit<ReportedDeadLetter, 'queue'> & {
    readonly outcome: DeadLetterOutcome;
    readonly problem: string | null;
  })[];
  readonly notFound: readonly string[];
  readonly ended: ActionResult['ended'];
  readonly problem: string | null;
}

// The API's limits of one request.
const maxDeadLettersPerRequest = 1_000;
const maxIdsPerRequest = 100;
const maxRequestSeconds = 5;

/** Ctrl-C takes effect after a request: it must not be a long one. */
const maxChangesPerRequest = 100;
const heldRetryMs = 2_000;
/** Requests without any result, after which another one is pointless. */
const maxIdleRequests = 3;

/**
 * Redrives or discards the selected dead letters by as many requests as it takes. All requests have the `before` of the first
 * one, so together they select what one command selects. A dry run is one request, repeated only while messages are held.
 */
export async function applyOverApi(
  api: ApiClient,
  { now, sleep }: DeadLetterApiOptions,
  queue: string,
  command: DeadLetterCommand,
  { signal, perSecond = 10, waitForHeld, isBeforeGiven, onDeadLetter }: ActionOptions,
): Promise<ActionResult> {
  const { action, reason, quarantined, dryRun, limit } = command;
  const maxPerRequest = dryRun
    ? maxDeadLettersPerRequest
    : Math.min(maxChangesPerRequest, perSecond * maxRequestSeconds);
  const selection = createSelection(command.select);
  const total = createTotal(command);
  let before = isBeforeGiven ? command.before : undefined;
  let heldSince: number | null = null;
  let idleRequests = 0;
  const end = (ended: ActionResult['ended'], problem: string | null = null): ActionResult => ({
    ...total.counts(),
    before: before ?? command.before,
    notFound: selection.notFound(ended === 'completed'),
    ended,
    problem,
  });
  for (;;) {
    if (signal.aborted) return end('stopped');
    const body = {
      queue,
      select: selection.next(),
      before,
      reason,
      dryRun,
      limit: Math.min(limit - total.changed(), maxPerRequest),
      perSecond,
      ...(action === 'redrive' ? { quarantined } : {}),
    };
    let response: ActionResponse;
    try {
      response = await api.post<ActionResponse>(`/api/dead-letters/${action}`, body);
    } catch (error) {
      // What was done so far must be printed.
      if (error instanceof ApiError && before !== undefined && total.changed() > 0) return end('failed', error.message);
      throw error;
    }
    ({ before } = response);
    selection.remove(response);
    const news = total.add(response);
    for (const { outcome, problem, ...deadLetter } of news) onDeadLetter?.({ ...deadLetter, queue }, outcome, problem);
    idleRequests = news.length === 0 ? idleRequests + 1 : 0;
    switch (response.ended) {
      case 'failed':
        return end('failed', response.problem);
      case 'completed':
        if (selection.isEmpty()) return end('completed');
        break;
      case 'held':
        if (heldSince === null) waitForHeld?.onWait?.(null);
        heldSince ??= now();
        if (waitForHeld === undefined || now() - heldSince >= waitForHeld.maxMs) return end('held');
        await sleep(heldRetryMs, signal);
        idleRequests = 0;
        break;
      default:
        if (!dryRun && total.changed() < limit && idleRequests < maxIdleRequests) break;
        if (response.ended === 'limit') return end('limit');
        return end('failed', 'the request to the API reached its time limit before all dead letters were read');
    }
    if (!dryRun) await sleep(1_000 / perSecond, signal);
  }
}

/** The selection of the next request: ids that earlier requests have found are left out. */
function createSelection(select: DeadLetterSelection) {
  const absent: string[] = [];
  let ids: readonly string[] = 'ids' in select ? select.ids : [];
  return {
    next: (): DeadLetterSelection => ('ids' in select ? { ids: ids.slice(0, maxIdsPerRequest) } : select),
    remove: ({ ended, notFound }: ActionResponse) => {
      const others = ids.slice(maxIdsPerRequest);
      if (ended === 'completed') absent.push(...notFound);
      ids = ended === 'completed' ? others : [...notFound, ...others];
    },
    isEmpty: () => ids.length === 0,
    notFound: (isComplete: boolean) => (isComplete ? absent : [...absent, ...ids]),
  };
}

/** Adds up the responses. A dead letter that stays is in several of them, and counts once. */
function createTotal({ dryRun }: DeadLetterCommand) {
  const seen = new Map<string, DeadLetterOutcome>();
  const actionIds: string[] = [];
  let changed = { redriven: 0, discarded: 0 };
  let scanned = 0;
  let newer = 0;
  const count = (outcome: DeadLetterOutcome) => [...seen.values()].filter((each) => each === outcome).length;
  return {
    changed: () => (dryRun ? 0 : changed.redriven + changed.discarded),
    /** Returns the dead letters whose outcome is new. */
    add: (response: ActionResponse) => {
      const { redriven = 0, discarded = 0 } = response.outcomes;
      // A dry run that is repeated reads the same dead letters again.
      const past = dryRun ? { redriven: 0, discarded: 0 } : changed;
      changed = { redriven: past.redriven + redriven, discarded: past.discarded + discarded };
      actionIds.push(response.actionId);
      scanned += response.scanned;
      newer = response.newer;
      const news = response.deadLetters.filter(({ id, outcome }) => seen.get(id) !== outcome);
      for (const { id, outcome } of news) seen.set(id, outcome);
      return news;
    },
    counts: () => ({
      scanned,
      newer,
      actionIds,
      outcomes: {
        ...changed,
        quarantined: count('quarantined'),
        misplaced: count('misplaced'),
        failed: count('failed'),
      },
    }),
  };
}
