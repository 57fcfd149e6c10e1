import type { DeadLetterSummary, Queues, Status, Summary } from '@dispatcher/store';
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
  /** What the dashboard and monitors see. Null before the first roll-up. */
  readonly status: Status | null;
  /** Null before the first roll-up. */
  readonly summary: Summary | null;
  readonly queues: Queues | null;
  readonly deadLetters: DeadLetterSummary | null;
}

const minuteMs = 60_000;
/** Returns what needs an operator, and the state as text. */
export function statusText(
  responses: StatusResponses,
  { url, now }: { readonly url: string; readonly now: number },
  terminal: Pick<Terminal, 'columns' | 'hasColors'>,
): { readonly text: string; readonly problems: readonly string[] } {
  const problems = problemsOf(responses);
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
    ...(responses.status === null ? [] : [checkTable(responses.status, terminal)]),
    ...(queues === null ? [] : [queueTable(queues, now, terminal)]),
    ...(deadLetters === null || deadLetters.groups.length === 0 ? [] : [deadLetterTable(deadLetters, terminal)]),
  ];
  return { text: [`${lines.join('\n')}\n`, ...tables].join('\n'), problems };
}

/** Whether a check needs an operator. The pause is read by itself: the check is as old as the last roll-up. */
const isProblem = ({ name, state }: Status['checks'][number]): boolean =>
  name !== 'pause' && (state === 'warning' || state === 'critical');

/** Returns what needs an operator: the checks that are not ok, and a pause. */
function problemsOf({ pause, status }: StatusResponses): string[] {
  const checks = (status?.checks ?? []).filter(isProblem);
  return [
    ...(pause.paused
      ? [
          `Dispatches are paused since ${pause.changedAt} by ${pause.operator}: ${pause.reason}. Resume: dispatcher resume`,
        ]
      : []),
    ...checks.map(({ name, message, runbook }) =>
      name === 'dead-letters'
        ? `${message} List: dispatcher dead-letters list`
        : `${message} Runbook: docs/runbooks/${runbook}`,
    ),
  ];
}

const checkIcons = { ok: '✓', warning: '!', critical: '✗', unknown: '?' } as const;
const checkStyles = { ok: 'green', warning: 'yellow', critical: 'red', unknown: undefined } as const;

function checkTable({ checks }: Status, terminal: Pick<Terminal, 'columns' | 'hasColors'>): string {
  const columns = [{ title: '' }, { title: 'check', minWidth: 12 }, { title: 'value' }, { title: 'ok up to' }];
  const rows = checks.map(({ title, state, value, unit, threshold }) => [
    { text: checkIcons[state], style: checkStyles[state] },
    title,
    value === null ? 'not known' : `${value} ${unit}`,
    `${threshold} ${unit}`,
  ]);
  return textTable(columns, rows, terminal);
}

function lastHour(summary: Summary, now: number): string[] {
  const { deliveries, plans, dispatches, latency, freshness, requests } = summary;
  const last = freshness.lastDeliveryAt;
  return [
    `Last hour, as of ${summary.rolledUpAt}:`,
    `  deliveries  ${deliveries.received} received, ${deliveries.repeated} repeated, ${requests} other requests` +
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
