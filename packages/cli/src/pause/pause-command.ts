import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Command, orUsageError, reportUnreachable, type Terminal, UsageError } from '../command.ts';
import type { PauseOperations } from './pause-operations.ts';

const exitCodes = `Exit codes: 0 success; 1 Dispatcher could not be reached, or the change was not recorded; 2 invalid arguments.
`;

const pauseHelp = `Usage: dispatcher pause --reason TEXT [--as NAME] [--no-wait]
       dispatcher pause --status

Pauses all dispatches at once and without a deployment: the emergency brake. Runs are still planned, and allowed
decisions wait in their queue until \`dispatcher resume\`. The command ends when nothing can start any more, which takes
LEASE_SECONDS (30 by default): until then, requests that were sent before may still start a workflow.

Options:
  --reason TEXT  your reason; recorded
  --as NAME      the operator to record; your user name by default
  --no-wait      end at once, and print from when on nothing starts
  --status       print whether dispatches are paused, and change nothing

Needs STATE_TABLE and BUS_NAME, and LEASE_SECONDS if it is not 30. It does not need the admin API.

${exitCodes}`;

const resumeHelp = `Usage: dispatcher resume --reason TEXT [--as NAME]

Resumes all dispatches after \`dispatcher pause\`. Waiting decisions start within 30 seconds; those that are older than 4
hours within 15 minutes.

Options:
  --reason TEXT  your reason; recorded
  --as NAME      the operator to record; your user name by default

${exitCodes}`;

export interface PauseCommandDependencies {
  readonly operations: () => Promise<PauseOperations>;
  readonly user: () => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

const shared = { reason: { type: 'string', default: '' }, as: { type: 'string' } } as const;

/** Loads the AWS clients on demand: most commands do not need them. */
const dependencies: PauseCommandDependencies = {
  operations: async () => (await import('./pause-operations.ts')).createPauseOperations(process.env),
  user: () => userInfo().username,
  now: Date.now,
  newId: randomUUID,
  sleep: setTimeout,
};

export const pause = pauseCommand(dependencies);
export const resume = resumeCommand(dependencies);

export function pauseCommand(deps: PauseCommandDependencies): Command {
  const options = {
    ...shared,
    'no-wait': { type: 'boolean', default: false },
    status: { type: 'boolean', default: false },
  } as const;
  return {
    summary: 'pause all dispatches: the emergency brake',
    help: pauseHelp,
    run: (args, terminal) => {
      const { values } = orUsageError(() => parseArgs({ args: [...args], options }));
      if (values.status) return reportErrors(terminal, () => printStatus(deps, terminal));
      const reason = reasonOf(values.reason);
      return reportErrors(terminal, async () => {
        const { effectiveAt } = await change(deps, 'paused', reason, values.as);
        if (values['no-wait']) {
          terminal.out(`Dispatches are paused. Nothing starts after ${effectiveAt}.\n`);
          return;
        }
        terminal.err(`Dispatches are paused. Waiting until ${effectiveAt} for requests in flight.\n`);
        await deps.sleep(Math.max(0, Date.parse(effectiveAt ?? '') - deps.now()));
        terminal.out('Dispatches are paused. Nothing starts any more.\n');
      });
    },
  };
}

export function resumeCommand(deps: PauseCommandDependencies): Command {
  return {
    summary: 'resume all dispatches after `pause`',
    help: resumeHelp,
    run: (args, terminal) => {
      const { values } = orUsageError(() => parseArgs({ args: [...args], options: shared }));
      const reason = reasonOf(values.reason);
      return reportErrors(terminal, async () => {
        await change(deps, 'resumed', reason, values.as);
        terminal.out(
          'Dispatches are resumed. Waiting decisions start within 30 seconds, old ones within 15 minutes.\n',
        );
      });
    },
  };
}

function reasonOf(reason: string): string {
  if (reason.trim() === '') throw new UsageError('Give a reason with --reason TEXT; it is recorded.');
  return reason.trim();
}

async function change(
  deps: PauseCommandDependencies,
  action: 'paused' | 'resumed',
  reason: string,
  operator: string | undefined,
) {
  const { changePause } = await import('@dispatcher/lambda');
  const operations = await deps.operations();
  const change = { actionId: deps.newId(), action, operator: operator ?? deps.user(), reason };
  return changePause({ ...operations, now: deps.now }, change);
}

async function printStatus(deps: PauseCommandDependencies, terminal: Terminal): Promise<void> {
  const state = await (await deps.operations()).pause.getPause();
  if (state === null) terminal.out('Dispatches are not paused.\n');
  else {
    const text = state.paused ? 'paused' : 'not paused';
    terminal.out(`Dispatches are ${text} since ${state.changedAt}, by ${state.operator}: ${state.reason}\n`);
  }
}

async function reportErrors(terminal: Terminal, work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return 0;
  } catch (error) {
    // Compared by name: importing the class would load the AWS clients.
    if (!(error instanceof Error && error.name === 'PauseNotRecordedError')) return reportUnreachable(terminal, error);
    terminal.err(`${error.message}\n`);
    return 1;
  }
}
