import { ApiError } from '../client/api-error.ts';
import { UsageError, type Terminal } from '../command.ts';
import { printNotice } from '../operator-reason.ts';
import type { BulkReplay, BulkReplayApi, BulkReplayStart } from './bulk-replay-api.ts';
import { previewText, progressText } from './bulk-replay-text.ts';

export interface BulkReplayDependencies {
  /** @throws UsageError if no API is named and none runs on this machine */
  readonly api: (terminal: Terminal) => BulkReplayApi;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or at once if the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Returns a signal that aborts when the operator presses Ctrl-C. */
  readonly stopped: () => AbortSignal;
}

/** The options that select runs. */
export interface SelectionOptions {
  readonly outcome?: string | undefined;
  readonly code?: string | undefined;
  readonly repository?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface StartOptions extends SelectionOptions {
  readonly reEvaluate: boolean;
  readonly reason: string;
  readonly perMinute: number;
  readonly yes: boolean;
  readonly follow: boolean;
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Parses `2h` or a time in UTC. @throws UsageError */
function timeOf(option: string, text: string, now: number): string {
  const [, number = '', unit = ''] = /^(\d{1,5})([smhd])$/.exec(text) ?? [];
  const seconds = unitSeconds[unit];
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/.test(text);
  const time = seconds === undefined ? (isTime ? Date.parse(text) : NaN) : now - Number(number) * seconds * 1_000;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new UsageError(`${option} needs an age such as 30m, 2h or 1d, or a time in UTC such as 2026-11-20T12:00:00Z.`);
}

/** @throws UsageError that says what to write instead */
function startOf(options: StartOptions, now: number): BulkReplayStart {
  const { outcome, code, repository, since, until, reEvaluate, perMinute, reason } = options;
  if ((outcome === undefined) === (code === undefined))
    throw new UsageError('Select runs by exactly one of --outcome and --code.');
  if (since === undefined) throw new UsageError('Say from when on runs are selected: --since 2h.');
  return {
    mode: reEvaluate ? 're-evaluate' : 'as-recorded',
    outcome,
    code,
    repository,
    since: timeOf('--since', since, now),
    until: until === undefined ? undefined : timeOf('--until', until, now),
    perMinute,
    reason,
  };
}

/** Shows what would be replayed, or starts the bulk replay and shows its progress. Returns the exit code. */
export async function startBulkReplay(
  deps: BulkReplayDependencies,
  options: StartOptions,
  terminal: Terminal,
): Promise<number> {
  const start = startOf(options, deps.now());
  printNotice(terminal, options.reason);
  return reportRefusal(terminal, async () => {
    const api = deps.api(terminal);
    if (!options.yes) {
      terminal.out(previewText(await api.preview(start)));
      return 0;
    }
    const replay = await api.start(start);
    terminal.out(`Bulk replay ${replay.bulkReplayId} is started. It goes on without this command.\n`);
    return options.follow ? followBulkReplay(deps, api, replay, terminal) : 0;
  });
}

const pollMs = 2_000;

/** Prints each change of the progress until the bulk replay has ended, or Ctrl-C is pressed. Returns the exit code. */
export async function followBulkReplay(
  deps: Pick<BulkReplayDependencies, 'sleep' | 'stopped'>,
  api: BulkReplayApi,
  begun: BulkReplay,
  terminal: Terminal,
): Promise<number> {
  const signal = deps.stopped();
  let shown = '';
  for (let replay = begun; ; replay = await api.get(begun.bulkReplayId)) {
    const text = progressText(replay);
    if (text !== shown) terminal.out(`${text}\n`);
    shown = text;
    if (replay.state === 'completed' || replay.state === 'stopped') return 0;
    await deps.sleep(pollMs, signal);
    if (!signal.aborted) continue;
    terminal.err(
      `The bulk replay goes on. To stop it: dispatcher bulk-replays stop ${begun.bulkReplayId} --reason TEXT\n`,
    );
    return 130;
  }
}

/** Runs the work; prints why a request failed, and then returns exit code 1. */
export async function reportRefusal(terminal: Terminal, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    terminal.err(`${error.message}\n`);
    return 1;
  }
}
