import type { Difference, RebuildReport, VerifyReport } from '@dispatcher/store';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { type Command, reportUnreachable, type Terminal } from '../command.ts';
import type { ProjectionOperations } from './projection-operations.ts';

export interface ProjectionsDependencies {
  readonly operations: () => Promise<ProjectionOperations>;
}

/** Loads the AWS client on demand: most commands do not need it. */
export const projections = projectionsCommand({
  operations: async () => (await import('./projection-operations.ts')).createProjectionOperations(process.env),
});

export function projectionsCommand(deps: ProjectionsDependencies): Command {
  return defineCommand('projections', (table, { terminal, exit }) => {
    table
      .summary('verify or rebuild what the API shows, from the log of facts')
      .description(
        'Manage the projections: the totals, repositories, routes and dead letters that the API shows. The roll-up folds them ' +
          'from the log of facts; these commands fold the whole log again.',
      );
    const json = ['--json', 'print JSON', false] as const;
    table
      .command('verify')
      .description('Folds the log of facts again and compares the result with the stored projections. Changes nothing.')
      .option(...json)
      .action((options) => exit(verify(deps, options, terminal)));
    const rebuild = table
      .command('rebuild')
      .description(
        'Folds the log of facts again and replaces the projections. Facts are recorded meanwhile, and are shown afterwards. ' +
          'Counts of facts that have expired are lost.',
      )
      .option('--yes', 'replace the projections; without it, only show what differs', false)
      .option(...json)
      .action((options) => exit(options.yes ? rebuildAll(deps, options, terminal) : verify(deps, options, terminal)));
    addNotes(rebuild, { examples: ['dispatcher projections rebuild', 'dispatcher projections rebuild --yes'] });
    return addNotes(table, {
      more: [
        'Both use AWS directly. They need FACTS_TABLE, PROJECTIONS_TABLE and the AWS SDK’s variables. A local system writes them ' +
          'to a file: . .dispatcher/environment',
        'Both read every fact, and hold about 1 KB for each repository and each route in memory.',
      ],
      exitCodes: {
        0: 'success: the projections are what the log folds to',
        1: 'AWS could not be reached, or the projections differ',
        2: 'invalid arguments',
      },
    });
  });
}

interface Options {
  readonly json: boolean;
}

async function verify(deps: ProjectionsDependencies, { json }: Options, terminal: Terminal): Promise<number> {
  return withOperations(deps, terminal, async (operations) => {
    const report = await operations.verify();
    terminal.out(json ? `${JSON.stringify(report, null, 2)}\n` : verifyText(report));
    return report.differences.length === 0 ? 0 : 1;
  });
}

async function rebuildAll(deps: ProjectionsDependencies, { json }: Options, terminal: Terminal): Promise<number> {
  return withOperations(deps, terminal, async (operations) => {
    const report = await operations.rebuild();
    terminal.out(json ? `${JSON.stringify(report, null, 2)}\n` : rebuildText(report));
    return 0;
  });
}

async function withOperations(
  { operations }: ProjectionsDependencies,
  terminal: Terminal,
  work: (operations: ProjectionOperations) => Promise<number>,
): Promise<number> {
  try {
    return await work(await operations());
  } catch (error) {
    return reportUnreachable(terminal, error);
  }
}

const maxLines = 50;

function verifyText({ facts, items, shortened, differences }: VerifyReport): string {
  const lines = differences.slice(0, maxLines).map(differenceText);
  if (differences.length > maxLines) lines.push(`… and ${differences.length - maxLines} more`);
  if (shortened.length > 0) {
    lines.push(
      `The first entries of log ${shortened.join(', ')} have expired, so counts cannot be compared: only missing items are shown.`,
    );
  }
  const result =
    differences.length === 0
      ? 'They are what the log folds to.'
      : `${differences.length} differ. Run \`dispatcher projections rebuild --yes\`.`;
  return `${[...lines, `${items} projections of ${facts} facts. ${result}`].join('\n')}\n`;
}

function differenceText({ item, problem, stored, folded }: Difference): string {
  const details = problem === 'different' ? `: stored ${JSON.stringify(stored)}, folded ${JSON.stringify(folded)}` : '';
  return `${item}: ${problem}${details}`;
}

function rebuildText({ facts, items, deleted, logs }: RebuildReport): string {
  const shards = logs.map(({ shard, first, last }) => `log ${shard}: entries ${first} to ${last}\n`).join('');
  return `${shards}Wrote ${items} projections of ${facts} facts, and deleted ${deleted} that no fact is about.\n`;
}
