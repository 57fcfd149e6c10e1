// Replays of many runs, in words.
import type { Schemas } from '../api/schemas.ts';
import { counted } from './counts.ts';
import { timeOfSince } from './since.ts';
import { type Outcome, type State, stateOfOutcome } from './states.ts';
import { duration } from './times.ts';

export type BulkReplay = Schemas['BulkReplay'];
export type BulkReplayMode = BulkReplay['mode'];
export type BulkReplayPreview = Schemas['BulkReplayPreview'];
type BulkReplayRequest = Schemas['BulkReplayRequest'];

export interface BulkReplayForm {
  /** Empty where the runs are selected by their code. */
  readonly outcome: string;
  readonly code: string;
  readonly repository: string;
  /** A window such as `24h`, or a time. */
  readonly since: string;
  readonly mode: string;
  readonly perMinute: string;
  readonly reason: string;
}

const states: Readonly<Record<BulkReplay['state'], State>> = {
  selecting: { icon: 'in-progress', tone: 'attention', word: 'Selecting' },
  running: { icon: 'in-progress', tone: 'attention', word: 'In progress' },
  stopped: { icon: 'stop', tone: 'quiet', word: 'Stopped' },
  completed: { icon: 'check', tone: 'success', word: 'Completed' },
};

export const stateOfBulkReplay = ({ state }: Pick<BulkReplay, 'state'>): State => states[state];

/** Whether a bulk replay goes on by itself. */
export const isInProgress = ({ state }: Pick<BulkReplay, 'state'>): boolean =>
  state === 'selecting' || state === 'running';

export const titleOfMode = (mode: BulkReplayMode): string => (mode === 're-evaluate' ? 'Re-evaluate' : 'As recorded');

/** Returns what is selected: `Runs of octo-org/app with the result “Paused”`. */
export function titleOfSelection({ outcome, code, repository }: Schemas['BulkReplaySelection']): string {
  const of = repository === null ? '' : ` of ${repository}`;
  if (outcome !== null) return `Runs${of} with the result “${stateOfOutcome(outcome).word}”`;
  return `Runs${of} with the code ${code ?? ''}`;
}

/** Returns in one sentence how far a bulk replay is. */
export function sentenceOfBulkReplay(replay: BulkReplay): string {
  const { state, selected, requested, perMinute } = replay;
  if (state === 'selecting') return `Selecting the runs: ${counted(selected, 'run')} so far.`;
  if (selected === 0) return `${states[state].word}. No run was selected.`;
  const done = `${requested} of ${counted(selected, 'replay')}`;
  if (state === 'running') {
    const minutes = Math.ceil((selected - requested) / perMinute);
    return `In progress: ${done} requested, ${minutes <= 1 ? 'less than a minute' : `about ${duration(minutes * 60_000)}`} left.`;
  }
  if (state === 'stopped')
    return `Stopped. ${done} ${requested === 1 ? 'was' : 'were'} requested; what was requested is carried out.`;
  return `Completed. ${counted(requested, 'replay')} ${requested === 1 ? 'was' : 'were'} requested.`;
}

/** Returns the share of the replays that were requested, in percent. */
export const percentOf = ({ state, selected, requested }: BulkReplay): number =>
  state === 'completed' ? 100 : selected === 0 || state === 'selecting' ? 0 : Math.floor((100 * requested) / selected);

/** Returns what a dry run found, in one sentence. */
export function sentenceOfPreview({ selected, more }: BulkReplayPreview): string {
  if (selected === 0)
    return more ? 'No run was found yet, and the search ended early: choose less time.' : 'No run is selected.';
  const number = counted(selected, 'run');
  if (more) return `At least ${number} are selected. Nothing was changed yet.`;
  return `${number} ${selected === 1 ? 'is' : 'are'} selected. Nothing was changed yet.`;
}

/** Returns what is wrong with each field of the form; empty if nothing is. */
export function problemsOfBulkReplay(form: BulkReplayForm): Partial<Record<keyof BulkReplayForm, string>> {
  const problems: Partial<Record<keyof BulkReplayForm, string>> = {};
  if (form.outcome === '' && !/^[a-z-]{1,60}$/.test(form.code.trim())) {
    problems.code = 'Write a code, such as config-unreadable.';
  }
  if (form.repository.trim() !== '' && !/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(form.repository.trim())) {
    problems.repository = 'Write owner/name.';
  }
  const perMinute = form.perMinute.trim();
  if (!/^\d{1,3}$/.test(perMinute) || Number(perMinute) < 1 || Number(perMinute) > 600) {
    problems.perMinute = 'Write a number from 1 to 600.';
  }
  if (form.reason.trim() === '') problems.reason = 'Write a reason: it is recorded in the audit log.';
  return problems;
}

/** Returns the request for a dry run of the form. */
export function dryRunOf(form: BulkReplayForm, nowMs: number): BulkReplayRequest {
  const { outcome, code, repository, since, mode, perMinute, reason } = form;
  return {
    mode: mode as BulkReplayMode,
    ...(outcome === '' ? { code: code.trim() as Schemas['Code'] } : { outcome: outcome as Outcome }),
    ...(repository.trim() === '' ? {} : { repository: repository.trim() }),
    since: timeOfSince(since, nowMs) ?? new Date(nowMs).toISOString(),
    perMinute: Number(perMinute),
    reason: reason.trim(),
    dryRun: true,
  };
}

/** Returns the parts of the form that say which runs are selected, and how they are replayed, to compare it with another. */
export const selectionKeyOf = ({ outcome, code, repository, since, mode }: BulkReplayForm): string =>
  JSON.stringify([outcome, outcome === '' ? code.trim() : '', repository.trim(), since, mode]);
