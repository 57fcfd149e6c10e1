import { runPageOf } from '@dispatcher/contracts';
import type { HistoryFact } from '@dispatcher/store';
import { runWithApi } from '../client/run-with-api.ts';
import type { ApiClient } from '../client/api-client.ts';
import { ApiError } from '../client/api-error.ts';
import { findRun, runArgument } from '../client/find-run.ts';
import { readRunFacts, withAllChecks } from '../client/read-run.ts';
import { type RunResult, runResultOf } from '../client/run-result.ts';
import { runText } from '../client/run-text.ts';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import type { Command, Terminal } from '../command.ts';
import { type CommandContext, processContext } from '../context/command-context.ts';

interface WhyOptions {
  readonly allChecks: boolean;
  readonly json: boolean;
}

export function whyCommand(context: CommandContext = processContext): Command {
  return defineCommand('why', (table, { terminal, exit }) => {
    const command = table
      .summary('explain why a run did or did not start something')
      .description(
        'Explain why a run did or did not start something: the answer first, then the failed checks, then what to do and ' +
          'who does it. It shows the newest revision.',
      )
      .argument('<run>', runArgument)
      .option('--all-checks', 'print satisfied checks, too', false)
      .option('--json', 'print JSON', false)
      .action((run, options) => exit(runWithApi(context, terminal, (api) => explainRun(api, run, options, terminal))));
    return addNotes(command, {
      examples: ['dispatcher why https://github.com/octo-org/app/actions/runs/9000000001'],
      exitCodes: {
        0: 'the run is recorded',
        1: 'the run is not recorded, or the API could not be used',
        2: 'invalid arguments',
      },
    });
  });
}

async function explainRun(
  api: ApiClient,
  named: string,
  { allChecks, json }: WhyOptions,
  terminal: Terminal,
): Promise<number> {
  const { runKey, dispatchId, others } = await findRun(api, named);
  const facts = await readRunFacts(api, runKey);
  if (facts.length === 0) {
    throw new ApiError(
      `Nothing is recorded for run ${runKey}. If it completed just now, try again in a few seconds.`,
      404,
    );
  }
  const result = runResultOf(allChecks ? await readAllChecks(api, runKey, facts, terminal) : facts);
  if (json) {
    terminal.out(`${JSON.stringify(jsonOf(runKey, result), null, 2)}\n`);
    return 0;
  }
  if (dispatchId !== null) terminal.out(`Dispatch ${dispatchId} of run ${runKey}:\n`);
  terminal.out(runText(result, { allChecks, run: runKey }, terminal));
  terminal.out(`\nMore: ${runPageOf(api.url.origin, runKey)}\n`);
  if (others.length > 0) terminal.err(`Other runs with this name: ${others.join(', ')}\n`);
  return 0;
}

/** Returns the facts with the satisfied checks of the newest plan, or as they are if that plan is not stored any more. */
async function readAllChecks(
  api: ApiClient,
  runKey: string,
  facts: readonly HistoryFact[],
  terminal: Terminal,
): Promise<readonly HistoryFact[]> {
  const { planned } = runResultOf(facts);
  if (planned === null) return facts;
  const full = await withAllChecks(api, { runKey, revision: planned.data.revision }, facts);
  if (full !== null) return full;
  terminal.err(`The plan of run ${runKey} is not stored any more, so its satisfied checks are not shown.\n`);
  return facts;
}

function jsonOf(runKey: string, { planned, ignored, delayed, routes, deadLetters }: RunResult): object {
  return {
    runKey,
    revision: planned?.data.revision ?? null,
    outcome: planned?.data.outcome ?? (ignored === null ? null : 'ignored'),
    code: planned?.data.code ?? ignored?.data.reason ?? null,
    message: planned?.data.message ?? ignored?.data.message ?? delayed?.data.message ?? null,
    fix: planned?.data.fix ?? null,
    responsible: planned?.data.responsible ?? null,
    nextTryAt: delayed?.data.nextTryAt ?? null,
    checks: planned?.data.checks ?? [],
    unmatched: planned?.data.unmatched ?? [],
    routes,
    deadLetters: deadLetters.map(({ id, data }) => ({ deadLetterId: id, ...data })),
  };
}

export const why = whyCommand();
