import { counted } from '@dispatcher/contracts';
import type { BulkReplay, BulkReplayPreview } from './bulk-replay-api.ts';

// Texts of operators and of the API are escaped, so that they cannot control the terminal.
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');

export function previewText({ selected, more, runs, until }: BulkReplayPreview): string {
  const lines = runs.slice(0, 50).map(({ runKey, time, repository, code }) => {
    return `${runKey}  ${time}  ${code}  ${plain(repository ?? 'requested by an API key')}`;
  });
  const rest = selected > lines.length ? [`… and ${selected - lines.length} more`] : [];
  const number = more ? `at least ${selected}` : String(selected);
  const count = `Dry run: ${number} ${selected === 1 && !more ? 'run' : 'runs'} selected.`;
  const hint = `Nothing was changed. To replay exactly these, add: --until ${until} --yes`;
  return [...lines, ...rest, count, hint].map((line) => `${line}\n`).join('');
}

/** Describes the progress in one line. */
export function progressText(replay: BulkReplay): string {
  const { state, selected, requested, perMinute, problem } = replay;
  const why = problem === null ? '' : `; the last step failed and is repeated: ${plain(problem)}`;
  if (state === 'selecting') return `selecting: ${counted(selected, 'run')} so far${why}`;
  const done = `${requested} of ${counted(selected, 'replay')} requested`;
  if (state !== 'running') return `${state}: ${done}`;
  return `running: ${done}, ${perMinute} a minute, ${timeLeftText(replay)}${why}`;
}

function timeLeftText({ selected, requested, perMinute }: BulkReplay): string {
  const minutes = Math.ceil((selected - requested) / perMinute);
  if (minutes <= 1) return 'less than a minute left';
  return minutes < 120 ? `about ${minutes} minutes left` : `about ${Math.ceil(minutes / 60)} hours left`;
}

/** Describes one bulk replay in several lines. */
export function bulkReplayText(replay: BulkReplay): string {
  const { repository, outcome, code, since, until } = replay.selection;
  const selection = [outcome, code, repository].filter((value) => value !== null).join(', ');
  const fields: readonly (readonly [string, string | null])[] = [
    ['bulk replay', replay.bulkReplayId],
    ['state', progressText(replay)],
    ['mode', replay.mode],
    ['selection', `${selection}, ${since} to ${until}`],
    ['started', `${replay.startedAt} by ${replay.operator}: ${replay.reason}`],
    ['changed', replay.changedBy === null ? null : `${replay.changedAt} by ${replay.changedBy}`],
  ];
  const known = fields.filter((field): field is readonly [string, string] => field[1] !== null);
  return known.map(([name, value]) => `${name.padEnd(13)}${plain(value)}\n`).join('');
}
