import { parseReason, printNotice } from '../operator-reason.ts';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import {
  type ReplayMode,
  type ReplayPreview,
  type Route,
  RunReplay,
  runKeyPattern,
  sameName,
  targetLabel,
} from '@dispatcher/contracts';
import type { HistoryFact } from '@dispatcher/store';
import { asDescription, checkDirect, directDescription, type DirectOptions } from '../client/direct-option.ts';
import { findRun, runArgument } from '../client/find-run.ts';
import { readRunFacts } from '../client/read-run.ts';
import { answerLines } from '../client/run-text.ts';
import { runWithApi } from '../client/run-with-api.ts';
import { type CommandContext, processContext } from '../context/command-context.ts';
import { waitForPreview, waitForReplay } from './wait-for-replay.ts';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { wholeNumber } from '../command-line/option-values.ts';
import { UsageError, type Command, reportUnreachable, type Terminal } from '../command.ts';
import { bulkReplayDependencies } from './bulk-replays-command.ts';
import type { ReplayOperations } from './replay-operations.ts';
import { type BulkReplayDependencies, startBulkReplay, type StartOptions } from './start-bulk-replay.ts';

export interface ReplayDependencies {
  readonly operations: () => Promise<ReplayOperations>;
  readonly user: () => string;
  readonly now: () => number;
  readonly newId: () => string;
  /** Finds the API. */
  readonly context: CommandContext;
  /** For replays of many runs. */
  readonly bulk: BulkReplayDependencies;
}

/** Loads the AWS clients on demand: most commands do not need them. */
export const replay = replayCommand({
  operations: async () => (await import('./replay-operations.ts')).createReplayOperations(process.env),
  user: () => userInfo().username,
  now: Date.now,
  newId: randomUUID,
  context: processContext,
  bulk: bulkReplayDependencies,
});

export function replayCommand(deps: ReplayDependencies): Command {
  return defineCommand('replay', (table, { terminal, exit }) => {
    const command = table
      .summary('replay a workflow run, or all runs with one outcome: as recorded, re-evaluated, or dispatched again')
      .description(
        'Replay a workflow run: send it through planning again. The running system executes the replay within seconds, and ' +
          'records it as operator.acted with operator, time, mode and reason. Without a mode, the stored plan is published ' +
          'again as recorded, byte for byte; completed dispatches start nothing. With --outcome or --code instead of a run, it ' +
          'replays many runs, oldest first and at a limited rate; `dispatcher bulk-replays` shows, stops and resumes them.',
      )
      .argument('[run]', `${runArgument}. With --direct: its run key or the GUID of its delivery`)
      .option(
        '--re-evaluate',
        'read the files of both sides and re-evaluate the run. A failed dispatch may be retried, an accepted one never',
        false,
      )
      .option(
        '--dispatch-again',
        're-evaluate, and start the workflow of one route again, even if it was started before',
        false,
      )
      .option(
        '--route <route>',
        'the route to decide: the target as owner/name:workflow.yml (with #id if the rule has one), or a route id. ' +
          '--dispatch-again needs it if the run has several routes',
      )
      .option('--dry-run', 'with --re-evaluate: only show what would be decided now, and start nothing', false)
      .option('--reason <text>', 'your reason; recorded. A dry run needs none', '')
      .option('--no-wait', 'end as soon as the replay is requested')
      .option('--timeout <seconds>', 'how long to wait for the result', wholeNumber('--timeout', 3_600), 60)
      .option('--direct', directDescription, false)
      .option('--as <name>', asDescription)
      .option('--outcome <outcome>', 'replay the runs with this outcome, for example config-unreadable')
      .option('--code <code>', 'replay the runs whose plan has this code')
      .option('--repository <owner/name>', 'with --outcome or --code: of this source repository only')
      .option('--since <time>', 'needed with --outcome or --code: recorded since then: 30m, 2h, 1d, or a time in UTC')
      .option('--until <time>', 'with --outcome or --code: recorded until then (default: now)')
      .option(
        '--per-minute <number>',
        'with --outcome or --code: the maximum number of replays per minute',
        wholeNumber('--per-minute', 600),
        60,
      )
      .option('--yes', 'with --outcome or --code: execute it; without it, only show what would be replayed', false)
      .option('--no-follow', 'with --outcome or --code: end at once, without showing the progress')
      .action((run, options) => {
        const isBulk = options.outcome !== undefined || options.code !== undefined;
        if (isBulk) return exit(startBulkReplay(deps.bulk, bulkOptions(run, options), terminal));
        const parsed = parseArguments(run, options);
        return exit(
          options.direct ? requestReplay(deps, parsed, terminal) : replayOverApi(deps, parsed, options, terminal),
        );
      });
    return addNotes(command, {
      more: [
        'Without --no-wait the command ends when every allowed route was started or refused, and prints the result.',
        '--direct needs RUNS_QUEUE_URL, FACTS_TABLE, and the AWS SDK’s variables. A local system writes them to a file: ' +
          '. .dispatcher/environment. It does not wait for the result.',
      ],
      examples: [
        'dispatcher replay https://github.com/octo-org/app/actions/runs/9000000001 --re-evaluate --reason "the rule is there"',
        'dispatcher replay 11-9000000001-1 --re-evaluate --dry-run',
        'dispatcher replay 11-9000000001-1 --reason "the target was down"',
        'dispatcher replay 11-9000000001-1 --dispatch-again --route octo-org/deploy:cd.yml --reason "roll back"',
        'dispatcher replay --outcome config-unreadable --since 2h --re-evaluate --reason "GitHub is back"',
        'dispatcher replay --outcome config-unreadable --since 2h --re-evaluate --reason "GitHub is back" --yes',
      ],
      exitCodes: {
        0: 'the replay was carried out, or requested with --no-wait; of a dry run: something would be started',
        1: 'the run is not recorded, the API could not be used or refused the request, or there was no result in time; of a dry run: nothing would be started',
        2: 'invalid arguments',
        130: 'Ctrl-C ended the display of the progress; the bulk replay goes on',
      },
    });
  });
}

/** Returns the options of a replay of many runs. @throws UsageError if an option is for one run */
function bulkOptions(run: string | undefined, options: StartOptions & ReplayOptions): StartOptions {
  const { dispatchAgain, dryRun, route, as, reason } = options;
  if (dryRun) throw new UsageError('--dry-run is for one run: without --yes, nothing is replayed in bulk anyway.');
  if (run !== undefined) throw new UsageError('Name one run, or select many with --outcome or --code; not both.');
  if (dispatchAgain || route !== undefined) {
    throw new UsageError('--dispatch-again and --route are for one run: in bulk they would start workflows twice.');
  }
  if (as !== undefined) throw new UsageError('--as has no effect on a bulk replay: the API records who you are.');
  return { ...options, reason: parseReason(reason) };
}

async function requestReplay(deps: ReplayDependencies, parsed: ReplayArguments, terminal: Terminal): Promise<number> {
  printNotice(terminal, parsed.reason);
  try {
    const operations = await deps.operations();
    const message = await createMessage(deps, operations, parsed);
    await operations.send(message);
    terminal.out(
      `Replay requested: ${message.mode} of run ${message.runKey}, action ${message.actionId}.\n` +
        `It is recorded as operator.acted within seconds: GET /api/runs/${message.runKey}\n`,
    );
    return 0;
  } catch (error) {
    return reportUnreachable(terminal, error);
  }
}

interface ReplayOptions extends DirectOptions {
  readonly reEvaluate: boolean;
  readonly dispatchAgain: boolean;
  readonly dryRun: boolean;
  readonly route?: string | undefined;
  readonly reason: string;
  readonly wait: boolean;
  readonly timeout: number;
}

interface ReplayArguments {
  readonly run: string;
  readonly mode: ReplayMode;
  readonly dryRun: boolean;
  readonly route: string | undefined;
  readonly reason: string;
  readonly as: string | undefined;
}

function parseArguments(run: string | undefined, options: ReplayOptions): ReplayArguments {
  checkDirect(options);
  const { reEvaluate, dispatchAgain, dryRun, route, reason, as } = options;
  if (run === undefined) throw new UsageError('Name one run by its run key or by the GUID of a delivery.');
  if (dryRun && !reEvaluate) throw new UsageError('--dry-run needs --re-evaluate: only then something is decided.');
  const recordedReason = parseReason(dryRun ? reason || 'dry run' : reason);
  if (reEvaluate && dispatchAgain) throw new UsageError('Use one of --re-evaluate and --dispatch-again.');
  const mode = dispatchAgain ? 'dispatch-again' : reEvaluate ? 're-evaluate' : 'as-recorded';
  if (mode === 'as-recorded' && route !== undefined) {
    throw new UsageError(
      '--route needs --re-evaluate or --dispatch-again: as recorded, the whole plan is published again.',
    );
  }
  return { run, mode, dryRun, route, reason: recordedReason, as };
}

async function createMessage(
  deps: ReplayDependencies,
  operations: ReplayOperations,
  parsed: ReplayArguments,
): Promise<RunReplay> {
  const { mode, dryRun, route, reason, as } = parsed;
  const isRunKey = runKeyPattern.test(parsed.run);
  const runKey = isRunKey ? parsed.run : await operations.runOfDelivery(parsed.run);
  const facts = runKey === null ? [] : await operations.factsOfRun(runKey);
  if (runKey === null || !facts.some(({ type }) => type === 'run.planned')) {
    throw new UsageError(`No plan is recorded for ${parsed.run}; GET /api/deliveries lists the recorded deliveries.`);
  }
  const needsRoute = route !== undefined || mode === 'dispatch-again';
  const message = RunReplay.safeParse({
    type: 'run.replay',
    version: 1,
    actionId: deps.newId(),
    runKey,
    mode,
    routeId: needsRoute ? routeIdOf(facts, route) : null,
    operator: as ?? deps.user(),
    reason,
    requestedAt: new Date(deps.now()).toISOString(),
    ...(dryRun ? { dryRun } : {}),
  });
  if (message.success) return message.data;
  const issue = message.error.issues[0];
  throw new UsageError(`${issue?.path.join('.') ?? 'The message'} is invalid: ${issue?.message ?? 'unknown reason'}`);
}

interface ReplayResponse {
  readonly actionId: string;
  readonly runKey: string;
}

async function replayOverApi(
  { context }: ReplayDependencies,
  { run, mode, dryRun, route, reason }: ReplayArguments,
  { wait, timeout }: ReplayOptions,
  terminal: Terminal,
): Promise<number> {
  printNotice(terminal, reason);
  return runWithApi(context, terminal, async (api) => {
    const { runKey } = await findRun(api, run);
    const needsRoute = route !== undefined || mode === 'dispatch-again';
    const routeId = needsRoute ? routeIdOf(await readRunFacts(api, runKey), route) : undefined;
    const requestedAt = context.now();
    const path = `/api/runs/${encodeURIComponent(runKey)}/replay`;
    const { actionId } = await api.post<ReplayResponse>(path, {
      mode,
      routeId,
      reason,
      ...(dryRun ? { dryRun } : {}),
    });
    const title = `${dryRun ? 'dry run' : mode} of run ${runKey}, action ${actionId}`;
    if (!wait) {
      terminal.out(`Replay requested: ${title}.\n`);
      return 0;
    }
    terminal.err(`Replay requested: ${title}. Waiting for the result.\n`);
    const { wait: sleep, now } = context;
    const options = { actionId, endsAt: requestedAt + 1000 * timeout, wait: sleep, now };
    if (dryRun) return printPreview(await waitForPreview(api, runKey, options), title, timeout, terminal);
    const { result, isComplete } = await waitForReplay(api, runKey, options);
    if (result === null) {
      terminal.err(`The replay was not carried out within ${timeout} s. Look again: dispatcher why ${runKey}\n`);
      return 1;
    }
    terminal.out(`Replayed: ${title}.\n${answerLines(result, terminal).join('\n')}\n`);
    if (!isComplete) terminal.err(`There is no final result yet. Look again: dispatcher why ${runKey}\n`);
    return isComplete ? 0 : 1;
  });
}

function printPreview(preview: ReplayPreview | null, title: string, timeout: number, terminal: Terminal): number {
  if (preview === null) {
    terminal.err(`There was no result within ${timeout} s. Try again.\n`);
    return 1;
  }
  const { decisions, omitted, message } = preview;
  terminal.out(`Nothing was changed: ${title}.\n`);
  if (decisions.length === 0) terminal.out(`${message}\n`);
  for (const { target, effect, code, message: why, fix } of decisions) {
    terminal.out(
      effect === 'allow'
        ? `✓ ${target} would be started.\n`
        : `✗ ${target} would not be started: ${code}: ${why} ${fix}\n`,
    );
  }
  if (omitted > 0) terminal.out(`${omitted} more routes are not shown.\n`);
  return decisions.some(({ effect }) => effect === 'allow') ? 0 : 1;
}

/** Returns the id of the route that was named, or of the only route. @throws UsageError that lists the run's routes */
function routeIdOf(facts: readonly HistoryFact[], wanted: string | undefined): string {
  const routes = new Map<string, string>();
  for (const fact of facts) {
    if (fact.type === 'route.decided') routes.set(fact.data.decision.routeId, targetOf(fact.data.decision.route));
  }
  const matches = [...routes].filter(
    ([id, target]) => wanted === undefined || id === wanted || sameName(target, wanted),
  );
  const [first] = matches;
  if (first !== undefined && matches.length === 1) return first[0];
  const listed = [...routes].map(([id, target]) => `  ${target} (${id})`).join('\n') || '  none';
  throw new UsageError(`Name one route of this run with --route:\n${listed}`);
}

function targetOf({ target, id }: Route): string {
  return `${targetLabel(target)}${id === undefined ? '' : `#${id}`}`;
}
