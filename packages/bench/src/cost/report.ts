import { type Figure, figureTable, line, rounded } from '../figures.ts';
import { type Dollars, dollarsOf, defaultFactDays, type Mix, mixes, totalOf } from './dollars.ts';
import { factTable } from './fact-units.ts';
import { sum, unitsOf } from './meter.ts';
import { assumptions, pricesOf, region } from './prices.ts';
import { type Measurements, type Situation, type SituationName } from './situations.ts';

const unitsCommand = 'npm run bench -- units';
const costCommand = 'npm run bench -- cost';

const isFact = (item: string): boolean => item.startsWith('facts ') || item.startsWith('plans ');

/** Returns the write units of one run, of all items or of some. */
function unitsPerRun(measurements: Measurements, name: SituationName, isCounted = (_item: string) => true): number {
  const { runs, requests } = measurements[name];
  return (
    unitsOf(requests.map((request) => ({ ...request, writes: request.writes.filter(({ item }) => isCounted(item)) }))) /
    runs
  );
}

/** Returns the requests of dispatch to AWS for one run. In small batches Lambda deletes the message. */
function dispatchCalls(measurements: Measurements, name: SituationName): number {
  const { runs, requests } = measurements[name];
  const own = requests.filter(({ sender, service }) => sender === 'dispatch' && service !== 'github');
  return own.length / runs;
}

/** Returns the bytes of the largest intent. Each record of a dispatch is written twice: as an intent, then with its result. */
function intentBytes(measurements: Measurements): number {
  const writes = writesOf(measurements.dispatched).filter(({ item }) => item === 'state dispatch');
  const bytes = writes.map((write) => write.bytes).toSorted((a, b) => a - b);
  return bytes[bytes.length / 2 - 1] ?? 0;
}

/** Returns the figures that are counts of the measured requests. */
export function unitFigures(measurements: Measurements): Figure[] {
  const units = (name: SituationName, isCounted?: (item: string) => boolean) =>
    unitsPerRun(measurements, name, isCounted);
  return [
    {
      name: 'write units, run without a rule',
      before: [19],
      goal: [8.5],
      now: [units('noRule')],
      command: unitsCommand,
      reason:
        'Most of the units are the fact `run.planned` with its index entries; then come the plan, which is claimed before it is ' +
        'stored, and the item of the repository. Fewer index entries, or one write for a plan, would lower them.',
    },
    {
      name: 'write units, one more decision, denied: facts / with its items, all distinct',
      before: [20],
      goal: [4, 7],
      now: [units('twoDenied', isFact) - units('denied', isFact), units('twoDenied') - units('denied')],
      command: unitsCommand,
      reason:
        'A decision pays for its fact with two index entries, its share of the log, and the items of its route and its target. ' +
        'Only a fact in fewer lists, or more facts in one entry of the log, would lower it.',
    },
    {
      name: 'write units, one dispatched run without the run that it starts: all items distinct / 200 routes at 10 runs a second',
      before: [80],
      goal: [33, 30],
      now: [units('dispatched') - units('noRule'), units('dispatchedRepeated') - units('noRuleRepeated')],
      command: unitsCommand,
      reason:
        'Most of the cost is what every dispatched run has: 14 units of facts, 11 of the ledger and 2 of the plan. In full ' +
        'batches several dispatches move one rate limiter and wait for each other, which takes more than half a unit. Storing ' +
        'a finished plan with one write, without a claim before it, would save a unit.',
    },
    {
      name: 'AWS requests of one dispatch, sent by dispatch: alone / among ten',
      before: [11],
      goal: [6, 7],
      now: [dispatchCalls(measurements, 'dispatched'), dispatchCalls(measurements, 'dispatchedRepeated')],
      command: unitsCommand,
      reason:
        'A dispatch reads once, moves the rate limiter, records its intent and its result, and publishes a fact. In full batches ' +
        'several dispatches move one rate limiter and wait for each other. Fewer dispatches in a batch would lower it.',
    },
    {
      name: 'bytes of the intent of a dispatch',
      before: [872],
      goal: [500],
      now: [intentBytes(measurements)],
      command: unitsCommand,
      reason:
        'Most of a record is the deflated part with the route, the target and the lineage. Another preset dictionary, or a part ' +
        'that is read from the plan instead, would make it smaller.',
    },
  ];
}

const goals: Readonly<Record<Mix, number>> = {
  'research mix': 15,
  quiet: 6.5,
  'all dispatched': 40,
  'all ignored': 1.5,
};

const dollarsBefore: typeof goals = { 'research mix': 33, quiet: 10, 'all dispatched': 77, 'all ignored': 1.7 };

const shortDays = 30;

/** Returns the dollars per million webhooks as figures. */
export function dollarFigures(measurements: Measurements): Figure[] {
  return [shortDays, defaultFactDays].map((days) => ({
    name: `US dollars per million webhooks, facts kept for ${days} days: ${Object.keys(mixes).join(' / ')}`,
    before: Object.values(dollarsBefore),
    goal: Object.values(goals),
    now: Object.values(dollarsOf(measurements, days)).map(totalOf),
    command: costCommand,
    reason:
      days === shortDays
        ? 'A dispatched run pays mostly for write units; then come functions that wait for GitHub, storage, events and queue ' +
          'requests, in this order. Batches of more than one message and shorter waits would lower them; both come with more ' +
          'load. A quiet run pays most for its eight write units and for planning, which waits for GitHub. An ignored webhook ' +
          'costs the request of the API, an invocation and its log lines: only fewer of Lambda’s own log lines would change that.'
        : 'About half is storage: a fact and its index entries are kept for 400 days, with point-in-time recovery. A shorter ' +
          '`FACT_RETENTION_DAYS` lowers it in proportion. An ignored webhook stores nothing; its cost is explained above.',
  }));
}

const writesOf = ({ requests }: Pick<Situation, 'requests'>) => requests.flatMap(({ writes }) => writes);

const tableSituations: readonly [SituationName, string][] = [
  ['noRule', 'without a rule'],
  ['twoDenied', 'two denied'],
  ['dispatched', 'dispatched'],
  ['dispatchedRepeated', 'three of a route'],
];

/** Returns the number of requests of each kind that planning and dispatch send to AWS for one run. */
export function requestTable(measurements: Measurements): string[] {
  const namesOf = (situation: SituationName) =>
    measurements[situation].requests
      .filter(({ sender, service }) => (sender === 'planning' || sender === 'dispatch') && service !== 'github')
      .map(({ sender, operation }) => `${sender} ${operation}`);
  const columns = tableSituations.map(([name]) => ({ names: namesOf(name), runs: measurements[name].runs }));
  const rows = [...new Set(columns.flatMap(({ names }) => names))].toSorted();
  return [
    line(['request', ...tableSituations.map(([, title]) => title)]),
    line(['---', ...tableSituations.map(() => '--:')]),
    ...rows.map((row) =>
      line([row, ...columns.map(({ names, runs }) => rounded(names.filter((name) => name === row).length / runs))]),
    ),
  ];
}

/** Returns the units of each kind of item that the situations write. */
function itemTable(measurements: Measurements): string[] {
  const items = [
    ...new Set(tableSituations.flatMap(([name]) => writesOf(measurements[name]).map(({ item }) => item))),
  ].toSorted();
  return [
    line(['item', 'units of a write', ...tableSituations.map(([, title]) => title)]),
    line(['---', '--:', ...tableSituations.map(() => '--:')]),
    ...items.map((item) => {
      const every = tableSituations.flatMap(([name]) =>
        writesOf(measurements[name]).filter((write) => write.item === item),
      );
      return line([
        item,
        rounded(sum(every.map(({ units, indexUnits }) => units + indexUnits)) / every.length),
        ...tableSituations.map(([name]) => rounded(unitsPerRun(measurements, name, (each) => each === item))),
      ]);
    }),
    line(['all', '', ...tableSituations.map(([name]) => rounded(unitsPerRun(measurements, name)))]),
  ];
}

/** Returns the part `units`. */
export async function unitsText(measurements: Measurements): Promise<string> {
  return [
    ...figureTable(unitFigures(measurements)),
    '',
    'Write units of one run by item, indexes included. A dispatched run includes the completed run that it starts:',
    '',
    ...itemTable(measurements),
    '',
    'Requests of planning and dispatch to AWS for one run; a dispatched run includes those for the run that it starts:',
    '',
    ...requestTable(measurements),
    '',
    'Write units of one fact by its type, without its share of the log entry:',
    '',
    ...(await factTable()),
    '',
  ].join('\n');
}

const cents = (value: number): string => value.toFixed(2);

/** Returns the cost table, for docs/deploy.md too. */
export function costTable(measurements: Measurements): string[] {
  const costs = Object.entries(dollarsOf(measurements)) as [Mix, Dollars][];
  const short = dollarsOf(measurements, shortDays);
  const kinds = Object.keys(costs[0]?.[1] ?? {}) as (keyof Dollars)[];
  return [
    line(['mix', ...kinds, `all, ${defaultFactDays} days`, `all, ${shortDays} days`]),
    line(['---', ...kinds.map(() => '--:'), '--:', '--:']),
    ...costs.map(([mix, dollars]) =>
      line([mix, ...kinds.map((kind) => cents(dollars[kind])), cents(totalOf(dollars)), cents(totalOf(short[mix]))]),
    ),
  ];
}

/** Returns the dollars of a month in the research mix. */
function monthly(measurements: Measurements, factDays: number): string {
  return ((totalOf(dollarsOf(measurements, factDays)['research mix']) * webhooksPerMonth) / 1_000_000).toFixed(0);
}

/** 10,000 repositories with 7.5 runs a day, three webhooks each, for a month of 30 days. */
const webhooksPerMonth = 10_000 * 7.5 * 3 * 30;

/** Returns the part `cost`. */
export function costText(measurements: Measurements): string {
  return [
    `US dollars per million webhooks, list prices of ${region}, ${pricesOf}, facts kept for ${defaultFactDays} or ${shortDays} days:`,
    '',
    ...costTable(measurements),
    '',
    ...Object.entries(mixes).map(([mix, text]) => `- ${mix}: ${text}`),
    '',
    `10,000 repositories with 7.5 runs a day send 225,000 webhooks a day: ${monthly(measurements, defaultFactDays)} dollars a month in the ` +
      `research mix, ${monthly(measurements, shortDays)} if facts are kept for ${shortDays} days.`,
    '',
    `Assumed, not counted: ${assumptions.awsMs} ms for a request to AWS, ${assumptions.gitHubMs} ms for one to GitHub, ` +
      `${assumptions.platformLogBytes} bytes of Lambda's own log lines for each invocation. Not included: transfer to GitHub, alarms, secrets, ` +
      'the schedules, and the requests of Lambda to empty queues, which do not depend on the number of webhooks.',
    '',
  ].join('\n');
}
