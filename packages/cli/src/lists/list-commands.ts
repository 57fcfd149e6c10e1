import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { ApiClient, Query } from '../client/api-client.ts';
import { runWithApi } from '../client/run-with-api.ts';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { timeOrAge, wholeNumber } from '../command-line/option-values.ts';
import { textTable } from '../command-line/text-table.ts';
import { type Command, type Terminal, UsageError } from '../command.ts';
import { type CommandContext, processContext } from '../context/command-context.ts';
import { audit, deliveries, dispatches, type ListDefinition, routes, runs } from './list-definitions.ts';

interface ListOptions {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly limit: number;
  readonly follow: boolean;
  readonly json: boolean;
  readonly [filter: string]: unknown;
}

export interface ListDependencies extends CommandContext {
  /** Returns a signal that aborts when the operator presses Ctrl-C. */
  readonly stopped: () => AbortSignal;
}

const dependencies: ListDependencies = {
  ...processContext,
  stopped: () => {
    const controller = new AbortController();
    process.once('SIGINT', () => controller.abort());
    return controller.signal;
  },
};

/** The rows of one page of the API. */
const maxPageRows = 100;
const followMs = 2_000;
/** With `--follow`, a row that changes later is not printed again: so a poll reads no more than this, however rare its rows are. */
const watchedMs = 60 * 60_000;

export function listCommand<Row>(definition: ListDefinition<Row>, deps: ListDependencies = dependencies): Command {
  const { name, summary, filters, hasTime, example } = definition;
  return defineCommand(name, (table, { terminal, exit }) => {
    let command: CommandUnknownOpts = table.summary(summary).description(`${capitalized(summary)}.`);
    for (const filter of filters) command = command.option(`--${filter.name} <${filter.value}>`, filter.description);
    if (hasTime) {
      const time = 'a time (2026-11-03T14:00:00Z) or an age (90s, 30m, 2h, 1d)';
      command = command
        .option('--since <time>', `only this time and later: ${time}`, timeOrAge('--since', deps.now))
        .option('--until <time>', `only before this time: ${time}`, timeOrAge('--until', deps.now));
    }
    command
      .option('--limit <n>', 'the maximum number of rows', wholeNumber('--limit', 10_000), 50)
      .option('--follow', followDescription(hasTime), false)
      .option('--json', 'print JSON; with --follow one line for each row', false)
      .action(() => {
        // The filters are added in a loop, so their types are not known here.
        const options = command.opts() as ListOptions;
        return exit(runWithApi(deps, terminal, (api) => list(definition, api, options, { deps, terminal })));
      });
    return addNotes(command, {
      examples: [example],
      exitCodes: { 0: 'success', 1: 'the API could not be used', 2: 'invalid arguments', 130: 'stopped by Ctrl-C' },
    });
  });
}

const followDescription = (hasTime: boolean) =>
  `print new rows as they appear${hasTime ? ', and those of the last hour that change' : ''}, until Ctrl-C`;

interface Output {
  readonly deps: ListDependencies;
  readonly terminal: Terminal;
}

async function list<Row>(
  definition: ListDefinition<Row>,
  api: ApiClient,
  options: ListOptions,
  output: Output,
): Promise<number> {
  const query = queryOf(definition, options);
  await checkFilters(definition, api, query);
  if (options.follow) return follow(definition, api, query, options, output);
  const { terminal } = output;
  const rows = await readRows(definition, api, query, options.limit);
  if (options.json) terminal.out(`${JSON.stringify({ [definition.field]: rows }, null, 2)}\n`);
  else if (rows.length === 0) terminal.err('Nothing is recorded that matches.\n');
  else terminal.out(textTable(definition.columns, rows.map(definition.cells), terminal));
  return 0;
}

function queryOf<Row>({ filters }: ListDefinition<Row>, options: ListOptions): Query {
  const { since, until } = options;
  return {
    ...Object.fromEntries(filters.map(({ name }) => [name, options[name] as string | undefined])),
    since: since === undefined ? undefined : new Date(since).toISOString(),
    until: until === undefined ? undefined : new Date(until).toISOString(),
  };
}

/** @throws UsageError if this Dispatcher does not have one of the filters: it may be older than this command */
async function checkFilters<Row>({ path, name }: ListDefinition<Row>, api: ApiClient, query: Query): Promise<void> {
  const used = Object.entries(query).flatMap(([filter, value]) => (value === undefined ? [] : [filter]));
  if (used.length === 0) return;
  const known = await api.parametersOf(path);
  const missing = used.find((filter) => !known.includes(filter));
  if (missing !== undefined) {
    throw new UsageError(
      `The Dispatcher at ${api.url.origin} has no filter ${missing} for ${name}: it is older than this command.`,
    );
  }
}

async function readRows<Row>(
  { path, field }: ListDefinition<Row>,
  api: ApiClient,
  query: Query,
  limit: number,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null | undefined; cursor !== null && rows.length < limit; ) {
    const pageRows = Math.min(limit - rows.length, maxPageRows);
    const page = await api.get<Readonly<Record<string, unknown>>>(path, { ...query, cursor, limit: String(pageRows) });
    rows.push(...(page[field] as readonly Row[]));
    cursor = page['cursor'] as string | null;
  }
  return rows.slice(0, limit);
}

/** Returns the query of the next poll: what is older has been read. A list without times is short. */
function queryOfPoll<Row>({ hasTime }: ListDefinition<Row>, query: Query, now: number): Query {
  if (!hasTime) return query;
  const watched = new Date(now - watchedMs).toISOString();
  const { since } = query;
  return { ...query, since: since !== undefined && since > watched ? since : watched };
}

/** Prints the newest rows, oldest first, then each new one. A row that changes its state is printed again. */
async function follow<Row>(
  definition: ListDefinition<Row>,
  api: ApiClient,
  query: Query,
  { limit, json }: ListOptions,
  { deps, terminal }: Output,
): Promise<number> {
  const stopped = deps.stopped();
  const printed = new Set<string>();
  let isFirst = true;
  while (!stopped.aborted) {
    const rows = isFirst
      ? await readRows(definition, api, query, limit)
      : await readRows(definition, api, queryOfPoll(definition, query, deps.now()), maxPageRows);
    const fresh = rows.filter((row) => !printed.has(definition.identity(row))).toReversed();
    for (const row of fresh) printed.add(definition.identity(row));
    if (fresh.length > 0) terminal.out(json ? linesOf(fresh) : tableOf(definition, fresh, isFirst, terminal));
    isFirst = false;
    await Promise.race([deps.wait(followMs), aborted(stopped)]);
  }
  return 130;
}

function linesOf(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

function tableOf<Row>(
  { columns, cells }: ListDefinition<Row>,
  rows: readonly Row[],
  hasHeader: boolean,
  terminal: Terminal,
): string {
  const text = textTable(columns, rows.map(cells), terminal);
  return hasHeader ? text : text.slice(text.indexOf('\n') + 1);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

export const listCommands: readonly Command[] = [
  listCommand(audit),
  listCommand(deliveries),
  listCommand(dispatches),
  listCommand(routes),
  listCommand(runs),
];
