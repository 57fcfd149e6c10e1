import type { DeadLetterSummary, Queues, Summary } from '@dispatcher/store';
import type { Terminal } from '../command.ts';
import { styled, textTable, withoutControls } from '../command-line/text-table.ts';

export interface StatusResponses {
  readonly health: { readonly version: string };
  readonly pause: {
    readonly paused: boolean;
    readonly changedAt: string | null;
    readonly operator: string | null;
    readonly reason: string | null;
  };
  /** Null before the first roll-up. */
  readonly summary: Summary | null;
  readonly queues: Queues | null;
  readonly deadLetters: DeadLetterSummary | null;
}

const minuteMs = 60_000;
/** The roll-up runs every minute: later, its schedule or the facts function has a problem. */
const maxRollUpAgeMinutes = 5;
/** Messages are processed within seconds, unless GitHub is down, dispatches are paused, or a function fails. */
const maxQueueAgeMinutes = 10;

/** Returns what needs an operator, and the state as text. */
export function statusText(
  responses: StatusResponses,
  { url, now }: { readonly url: string; readonly now: number },
  terminal: Pick<Terminal, 'columns' | 'hasColors'>,
): { readonly text: string; readonly problems: readonly string[] } {
  const problems = problemsOf(responses, now);
  const { health, summary, queues, deadLetters } = responses;
  const lines = [
    ...(problems.length === 0
      ? [`${styled('✓', 'green', terminal)} Dispatcher ${health.version} at ${url}: nothing needs an operator.`]
      : [
          `${styled('✗', 'red', terminal)} Dispatcher ${health.version} at ${url}:`,
          ...problems.map((problem) => `  ${styled(withoutControls(problem), 'yellow', terminal)}`),
        ]),
    '',
    ...(summary === null ? ['The roll-up has not run yet; it runs every minute.'] : lastHour(summary, now)),
  ];
  const tables = [
    ...(queues === null ? [] : [queueTable(queues, now, terminal)]),
    ...(deadLetters === null || deadLetters.groups.length === 0 ? [] : [deadLetterTable(deadLetters, terminal)]),
  ];
  return { text: [`${lines.join('\n')}\n`, ...tables].join('\n'), problems };
}

function problemsOf({ pause, summary, queues, deadLetters }: StatusResponses, now: number): string[] {
  const open = deadLetters?.groups.reduce((sum, group) => sum + group.open, 0) ?? 0;
  const age = summary === null ? 0 : minutesSince(summary.rolledUpAt, now);
  const old = (queues?.queues ?? []).filter(
    ({ queue, waiting, lastEmptyAt }) =>
      !queue.includes('dead-letter') &&
      waiting > 0 &&
      lastEmptyAt !== null &&
      minutesSince(lastEmptyAt, now) > maxQueueAgeMinutes,
  );
  return [
    ...(pause.paused
      ? [
          `Dispatches are paused since ${pause.changedAt} by ${pause.operator}: ${pause.reason}. Resume: dispatcher resume`,
        ]
      : []),
    ...(open > 0 ? [`${plural(open, 'dead letter')}. List: dispatcher dead-letters list`] : []),
    ...old.map(
      ({ queue, waiting, lastEmptyAt }) =>
        `${plural(waiting, 'message')} in the queue ${queue}, which was last empty ${plural(minutesSince(lastEmptyAt ?? '', now), 'minute')} ago.`,
    ),
    ...(age > maxRollUpAgeMinutes
      ? [`The last roll-up was ${plural(age, 'minute')} ago: look at the facts function.`]
      : []),
  ];
}

function lastHour(summary: Summary, now: number): string[] {
  const { deliveries, plans, dispatches, latency, freshness, requests } = summary;
  const last = freshness.lastDeliveryAt;
  return [
    `Last hour, as of ${summary.rolledUpAt}:`,
    `  deliveries  ${deliveries.received} received, ${deliveries.repeated} repeated, ${requests} requests by key` +
      (last === null ? '' : `; the newest ${plural(minutesSince(last, now), 'minute')} ago`),
    `  plans       ${countsText(plans)}`,
    `  dispatches  ${countsText(dispatches)}`,
    `  accepted    ${latency.accepted.measured === 0 ? 'none' : `p50 ${secondsText(latency.accepted.p50)}, p95 ${secondsText(latency.accepted.p95)} after the end of the run`}`,
  ];
}

function queueTable({ queues }: Queues, now: number, terminal: Pick<Terminal, 'columns' | 'hasColors'>): string {
  const columns = [
    { title: 'queue', minWidth: 12 },
    { title: 'waiting' },
    { title: 'in flight' },
    { title: 'delayed' },
    { title: 'last empty', minWidth: 10 },
  ];
  const rows = queues.map(({ queue, waiting, inFlight, delayed, lastEmptyAt }) => [
    queue,
    String(waiting),
    String(inFlight),
    String(delayed),
    lastEmptyAt === null ? 'never seen' : `${minutesSince(lastEmptyAt, now)} min ago`,
  ]);
  return textTable(columns, rows, terminal);
}

function deadLetterTable({ groups }: DeadLetterSummary, terminal: Pick<Terminal, 'columns' | 'hasColors'>): string {
  const columns = [
    { title: 'dead letters of' },
    { title: 'open' },
    { title: 'reason' },
    { title: 'newest', minWidth: 12 },
  ];
  const rows = groups.map(({ queue, reason, open, sample }) => [
    queue,
    { text: String(open), style: open > 0 ? ('red' as const) : undefined },
    reason,
    sample.deadLetterId,
  ]);
  return textTable(columns, rows, terminal);
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).filter(([, count]) => count > 0);
  return entries.length === 0 ? 'none' : entries.map(([name, count]) => `${count} ${name}`).join(', ');
}

function secondsText(milliseconds: number | null): string {
  return milliseconds === null ? 'unknown' : `${(milliseconds / 1000).toFixed(1)} s`;
}

function minutesSince(time: string, now: number): number {
  return Math.max(0, Math.round((now - Date.parse(time)) / minuteMs));
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
