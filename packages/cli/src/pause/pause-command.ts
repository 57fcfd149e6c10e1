import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type { ApiClient } from '../client/api-client.ts';
import { runWithApi } from '../client/run-with-api.ts';
import { asDescription, checkDirect, directDescription, type DirectOptions } from '../client/direct-option.ts';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { type Command, reportUnreachable, type Terminal } from '../command.ts';
import { type CommandContext, processContext } from '../context/command-context.ts';
import { parseReason, printNotice } from '../operator-reason.ts';
import type { PauseOperations } from './pause-operations.ts';

interface ChangeOptions extends DirectOptions {
  readonly reason: string;
}

interface PauseState {
  readonly paused: boolean;
  readonly changedAt: string | null;
  readonly operator: string | null;
  readonly reason: string | null;
}

interface PauseOptions extends ChangeOptions {
  readonly wait: boolean;
  readonly status: boolean;
}

const exitCodes = {
  0: 'success',
  1: 'Dispatcher could not be reached, or the change was not recorded',
  2: 'invalid arguments',
};

export interface PauseCommandDependencies {
  readonly operations: () => Promise<PauseOperations>;
  readonly user: () => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Finds the API. */
  readonly context: CommandContext;
}

/** Loads the AWS clients on demand: most commands do not need them. */
const dependencies: PauseCommandDependencies = {
  operations: async () => (await import('./pause-operations.ts')).createPauseOperations(process.env),
  user: () => userInfo().username,
  now: Date.now,
  newId: randomUUID,
  sleep: setTimeout,
  context: processContext,
};

export const pause = pauseCommand(dependencies);
export const resume = resumeCommand(dependencies);

export function pauseCommand(deps: PauseCommandDependencies): Command {
  return defineCommand('pause', (table, { terminal, exit }) => {
    const command = table
      .summary('pause all dispatches: the emergency brake')
      .description(
        'Pauses all dispatches at once and without a deployment: the emergency brake. Runs are still planned, and allowed ' +
          'decisions wait in their queue until `dispatcher resume`. The command ends when nothing can start any more, which ' +
          'takes LEASE_SECONDS (30 by default): until then, requests that were sent before may still start a workflow.',
      )
      .option('--reason <text>', 'your reason; recorded', '')
      .option('--direct', directDescription, false)
      .option('--as <name>', asDescription)
      .option('--no-wait', 'end at once, and print from when on nothing starts')
      .option('--status', 'print whether dispatches are paused, and change nothing', false)
      .action((options) => exit(runPause(deps, options, terminal)));
    return addNotes(command, {
      more: ['--direct needs STATE_TABLE and BUS_NAME, and LEASE_SECONDS if it is not 30.'],
      examples: ['dispatcher pause --reason "a bad release"', 'dispatcher pause --status'],
      exitCodes,
    });
  });
}

async function runPause(deps: PauseCommandDependencies, options: PauseOptions, terminal: Terminal): Promise<number> {
  checkDirect(options);
  const access = options.direct ? directAccess(deps, options.as) : apiAccess;
  if (options.status)
    return withAccess(deps, options, terminal, async (api) => printStatus(await access.state(api), terminal));
  const reason = parseReason(options.reason);
  return withAccess(deps, options, terminal, async (api) => {
    const { effectiveAt } = await access.change(api, 'paused', reason);
    printNotice(terminal, reason);
    if (!options.wait) {
      terminal.out(`Dispatches are paused. Nothing starts after ${effectiveAt}.\n`);
      return;
    }
    terminal.err(`Dispatches are paused. Waiting until ${effectiveAt} for requests in flight.\n`);
    await deps.sleep(Math.max(0, Date.parse(effectiveAt ?? '') - deps.now()));
    terminal.out('Dispatches are paused. Nothing starts any more.\n');
  });
}

export function resumeCommand(deps: PauseCommandDependencies): Command {
  return defineCommand('resume', (table, { terminal, exit }) => {
    const command = table
      .summary('resume all dispatches after `pause`')
      .description(
        'Resumes all dispatches after `dispatcher pause`. Waiting decisions start within 30 seconds; those that are older ' +
          'than 4 hours within 15 minutes.',
      )
      .option('--reason <text>', 'your reason; recorded', '')
      .option('--direct', directDescription, false)
      .option('--as <name>', asDescription)
      .action((options) => exit(runResume(deps, options, terminal)));
    return addNotes(command, {
      more: ['--direct needs STATE_TABLE and BUS_NAME.'],
      examples: ['dispatcher resume --reason "rolled back"'],
      exitCodes,
    });
  });
}

async function runResume(deps: PauseCommandDependencies, options: ChangeOptions, terminal: Terminal): Promise<number> {
  checkDirect(options);
  const access = options.direct ? directAccess(deps, options.as) : apiAccess;
  const reason = parseReason(options.reason);
  return withAccess(deps, options, terminal, async (api) => {
    await access.change(api, 'resumed', reason);
    printNotice(terminal, reason);
    terminal.out('Dispatches are resumed. Waiting decisions start within 30 seconds, old ones within 15 minutes.\n');
  });
}

/** The switch over the API, or directly in the table. */
interface PauseAccess {
  readonly state: (api: ApiClient | null) => Promise<PauseState | null>;
  readonly change: (
    api: ApiClient | null,
    action: 'paused' | 'resumed',
    reason: string,
  ) => Promise<{ readonly effectiveAt: string | null }>;
}

const apiAccess: PauseAccess = {
  state: async (api) => {
    const state = await withApi(api).get<PauseState>('/api/pause');
    return state.changedAt === null ? null : state;
  },
  change: (api, action, reason) => withApi(api).post(action === 'paused' ? '/api/pause' : '/api/resume', { reason }),
};

function directAccess(deps: PauseCommandDependencies, operator: string | undefined): PauseAccess {
  return {
    state: async () => (await deps.operations()).pause.getPause(),
    change: async (_, action, reason) => {
      const { changePause } = await import('@dispatcher/lambda');
      const operations = await deps.operations();
      const change = { actionId: deps.newId(), action, operator: operator ?? deps.user(), reason };
      return changePause({ ...operations, now: deps.now }, change);
    },
  };
}

function withApi(api: ApiClient | null): ApiClient {
  if (api === null) throw new Error('The API was not opened.');
  return api;
}

function printStatus(state: PauseState | null, terminal: Terminal): void {
  if (state === null) terminal.out('Dispatches are not paused.\n');
  else {
    const text = state.paused ? 'paused' : 'not paused';
    terminal.out(`Dispatches are ${text} since ${state.changedAt}, by ${state.operator}: ${state.reason}\n`);
  }
}

async function withAccess(
  { context }: PauseCommandDependencies,
  { direct }: DirectOptions,
  terminal: Terminal,
  work: (api: ApiClient | null) => Promise<void>,
): Promise<number> {
  if (!direct) {
    return runWithApi(context, terminal, async (api) => {
      await work(api);
      return 0;
    });
  }
  try {
    await work(null);
    return 0;
  } catch (error) {
    // Compared by name: importing the class would load the AWS clients.
    if (!(error instanceof Error && error.name === 'PauseNotRecordedError')) return reportUnreachable(terminal, error);
    terminal.err(`${error.message}\n`);
    return 1;
  }
}
