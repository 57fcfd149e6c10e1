import type { GraphOwner, GraphRepository } from '@dispatcher/contracts';
import { Option } from '@commander-js/extra-typings';
import { ApiError } from '../client/api-error.ts';
import type { ApiClient } from '../client/api-client.ts';
import { runWithApi } from '../client/run-with-api.ts';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import type { Command, Terminal } from '../command.ts';
import { type CommandContext, processContext } from '../context/command-context.ts';
import { edgesOf, edgeTable, edgeStates, type EdgeState, summaryText, warningsText } from './graph-text.ts';

interface GraphOptions {
  readonly state?: EdgeState | undefined;
  readonly json: boolean;
}

export function graphCommand(context: CommandContext = processContext): Command {
  return defineCommand('graph', (table, { terminal, exit }) => {
    const command = table
      .summary('show which repositories of an owner agree with which')
      .description(
        'Show which repositories of an owner agree with which, from the dispatching.yml of each, whether or not a run used ' +
          'it: agreed by both sides, requested by the source only, or offered by the target only. Warns of circles and of ' +
          'invalid files.',
      )
      .argument('<owner>', 'a user or an organization')
      .addOption(new Option('--state <state>', 'only edges in this state').choices(edgeStates))
      .option('--json', 'print JSON', false)
      .action((owner, options) =>
        exit(runWithApi(context, terminal, (api) => printGraph(api, owner, options, terminal))),
      );
    return addNotes(command, {
      examples: ['dispatcher graph octo-org', 'dispatcher graph octo-org --state requested'],
      exitCodes: {
        0: 'the owner is known',
        1: 'the owner is not known, or the API could not be used',
        2: 'invalid arguments',
      },
    });
  });
}

async function printGraph(
  api: ApiClient,
  name: string,
  { state, json }: GraphOptions,
  terminal: Terminal,
): Promise<number> {
  const owner = await findOwner(api, name);
  const repositories = await readAll<GraphRepository>(api, `/api/graph/${encodeURIComponent(name)}`, 'repositories');
  const edges = edgesOf(repositories).filter((edge) => state === undefined || edge.state === state);
  if (json) {
    terminal.out(`${JSON.stringify({ owner, edges, repositories }, null, 2)}\n`);
    return 0;
  }
  if (edges.length > 0) terminal.out(edgeTable(edges, terminal));
  terminal.out(`${edges.length > 0 ? '\n' : ''}${summaryText(owner)}\n`);
  terminal.err(warningsText(owner, repositories));
  return 0;
}

async function findOwner(api: ApiClient, name: string): Promise<GraphOwner> {
  const owners = await readAll<GraphOwner>(api, '/api/graph', 'owners');
  const owner = owners.find((each) => each.owner.toLowerCase() === name.toLowerCase());
  if (owner !== undefined) return owner;
  const known = owners.map((each) => each.owner).join(', ');
  throw new ApiError(
    `No repository of ${name} was read. ${known === '' ? 'None of any owner was: install the App, and wait for the first sweep.' : `Known owners: ${known}.`}`,
    404,
  );
}

async function readAll<Row>(api: ApiClient, path: string, field: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await api.get<Readonly<Record<string, unknown>>>(path, { cursor, limit: '100' });
    rows.push(...(page[field] as readonly Row[]));
    cursor = page['cursor'] as string | null;
  }
  return rows;
}

export const graph = graphCommand();
