import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import {
  type ReplayMode,
  type Fact,
  type Route,
  RunReplay,
  runKeyPattern,
  sameName,
  targetLabel,
} from '@dispatcher/contracts';
import { BadInput, type Command, parsed, refusedBySystem } from '../command.ts';
import type { Operations } from './replay-operations.ts';

const help = `Usage: dispatcher replay RUN --reason TEXT [--re-evaluate | --dispatch-again] [--route ROUTE] [--as NAME]

Has a run go through planning again. RUN is a run key (repository id, run id and attempt, joined by -) or a delivery's GUID.
It is done by the running system, some seconds later, and recorded as operator.acted with who, when, what and why.

  (neither)          as recorded: the stored plan is told again, byte for byte; what is finished starts nothing
  --re-evaluate     reads both sides' files and decides anew; a dispatch that failed may be tried again, one that was
                     accepted never
  --dispatch-again   decides anew and starts the workflow of one route once more, although it was started
  --route ROUTE      the one route to decide on: the target as owner/name:workflow.yml (with #id where the rule has one),
                     or a route id. --dispatch-again needs it where the run has several
  --reason TEXT      why; recorded
  --as NAME          who; default: the user of this machine

Environment: RUNS_QUEUE_URL, FACTS_TABLE, and what the AWS SDK needs. A local system writes all of it to a file:
  . .dispatcher/environment

Exit code: 0 it is asked for; 1 the system could not be asked; 2 the arguments cannot be used, or the run is not recorded.
`;

export interface ReplayDependencies {
  readonly operations: () => Promise<Operations>;
  readonly user: () => string;
  readonly now: () => number;
  readonly newId: () => string;
}

/** The AWS clients are loaded only here: the other commands need none. */
export const replay = createReplay({
  operations: async () => (await import('./replay-operations.ts')).createOperations(process.env),
  user: () => userInfo().username,
  now: Date.now,
  newId: randomUUID,
});

export function createReplay(deps: ReplayDependencies): Command {
  return {
    summary: 'have a run go through planning again: as recorded, decided anew, or dispatched anew',
    help,
    async run(args, terminal) {
      const asked = argumentsOf(args);
      try {
        const operations = await deps.operations();
        const message = await messageOf(deps, operations, asked);
        await operations.send(message);
        terminal.out(
          `Asked for: ${message.mode} of run ${message.runKey}, action ${message.actionId}.\n` +
            `Recorded as operator.acted within some seconds: GET /api/runs/${message.runKey}\n`,
        );
        return 0;
      } catch (error) {
        return refusedBySystem(terminal, error);
      }
    },
  };
}

interface ReplayArguments {
  readonly run: string;
  readonly mode: ReplayMode;
  readonly route: string | undefined;
  readonly reason: string;
  readonly as: string | undefined;
}

function argumentsOf(args: readonly string[]): ReplayArguments {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        're-evaluate': { type: 'boolean', default: false },
        'dispatch-again': { type: 'boolean', default: false },
        route: { type: 'string' },
        reason: { type: 'string', default: '' },
        as: { type: 'string' },
      },
    }),
  );
  const { 're-evaluate': decide, 'dispatch-again': dispatch, route, reason, as } = values;
  const [run] = positionals;
  if (run === undefined || positionals.length > 1) throw new BadInput('Name one run, by its key or by a delivery.');
  if (reason.trim() === '') throw new BadInput('Say why with --reason TEXT; it is recorded.');
  if (decide && dispatch) throw new BadInput('Use one of --re-evaluate and --dispatch-again.');
  const mode = dispatch ? 'dispatch-again' : decide ? 're-evaluate' : 'as-recorded';
  if (mode === 'as-recorded' && route !== undefined) {
    throw new BadInput('--route is for --re-evaluate and --dispatch-again: as recorded, the whole plan is told again.');
  }
  return { run, mode, route, reason, as };
}

async function messageOf(deps: ReplayDependencies, operations: Operations, asked: ReplayArguments): Promise<RunReplay> {
  const { mode, route, reason, as } = asked;
  const isKey = runKeyPattern.test(asked.run);
  const runKey = isKey ? asked.run : await operations.runOfDelivery(asked.run);
  const facts = runKey === null ? [] : await operations.factsOfRun(runKey);
  if (runKey === null || !facts.some(({ type }) => type === 'run.planned')) {
    throw new BadInput(`No plan of ${asked.run} is recorded; GET /api/deliveries lists what is.`);
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
  });
  if (message.success) return message.data;
  const issue = message.error.issues[0];
  throw new BadInput(
    `${issue?.path.join('.') ?? 'the message'} cannot be sent: ${issue?.message ?? 'it is unreadable'}`,
  );
}

/** The one route of the run that is meant. @throws BadInput that lists the routes there are */
function routeIdOf(facts: readonly Fact[], wanted: string | undefined): string {
  const routes = new Map<string, string>();
  for (const fact of facts) {
    if (fact.type === 'route.decided') routes.set(fact.data.decision.routeId, targetOf(fact.data.decision.route));
  }
  const fits = [...routes].filter(([id, target]) => wanted === undefined || id === wanted || sameName(target, wanted));
  const [first] = fits;
  if (first !== undefined && fits.length === 1) return first[0];
  const listed = [...routes].map(([id, target]) => `  ${target} (${id})`).join('\n') || '  none';
  throw new BadInput(`Name one route of this run with --route:\n${listed}`);
}

function targetOf({ target, id }: Route): string {
  return `${targetLabel(target)}${id === undefined ? '' : `#${id}`}`;
}
