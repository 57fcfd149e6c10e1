import type { Failure } from './enumerate-faults.ts';
import type { PlannedFault } from './system/fault-plan.ts';
import { type FaultKind, interventions, type Level } from './system/worker-process.ts';

const faultKinds: readonly FaultKind[] = ['crash', 'suspend', ...interventions];

/** An invalid option of the command. */
export class UsageError extends Error {}

/** Returns the command that runs one history again. */
export function replayCommand(scenario: string, level: Level, faults: readonly PlannedFault[]): string {
  const list = faults.map(({ kind, at }) => `${kind}@${at}`).join();
  return `npm run crash -- --scenario '${scenario.replaceAll("'", `'\\''`)}' --level ${level} --faults '${list}'`;
}

/** Parses the faults of a replay command, for example `crash@12,crash@3`; an empty text is a history without faults. */
export function parseFaults(text: string): PlannedFault[] {
  if (text === '') return [];
  return text.split(',').map((fault) => {
    const [, name, at] = /^([a-z-]+)@(\d{1,9})$/.exec(fault) ?? [];
    const kind = faultKinds.find((known) => known === name);
    if (kind === undefined) {
      throw new UsageError(`--faults must be a list like crash@12,suspend@3; it contains ${JSON.stringify(fault)}.`);
    }
    return { kind, at: Number(at) };
  });
}

/** Formats a failing history: its faults, what is wrong, and the commands that replay it and its shrunk form. */
export function formatFailure(scenario: string, level: Level, failure: Failure): string {
  const { faults, injected, violations, comparedWith, shrunk } = failure;
  return [
    `- ${injected.length === 0 ? 'without faults' : injected.join(', then ')}`,
    ...violations.map((violation) => `    ${violation}`),
    `  Replay: ${replayCommand(scenario, level, faults)}`,
    ...(comparedWith === undefined ? [] : [`  Compare with: ${replayCommand(scenario, level, comparedWith)}`]),
    ...(shrunk === undefined ? [] : [`  A single fault fails too: ${replayCommand(scenario, level, shrunk)}`]),
  ].join('\n');
}
