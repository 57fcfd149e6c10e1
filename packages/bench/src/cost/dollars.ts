import { type Stored, sum, unitsOf } from './meter.ts';
import { assumptions, prices } from './prices.ts';
import { type Measurements, type Situation, situations, type SituationName } from './situations.ts';

/** Dollars by what they are paid for. */
export interface Dollars {
  readonly writes: number;
  readonly reads: number;
  /** Storage of the tables and their point-in-time recovery until the items expire. */
  readonly storage: number;
  readonly queues: number;
  readonly events: number;
  readonly functions: number;
  readonly logs: number;
  readonly api: number;
}

export const mixes = {
  'research mix': 'a third of the webhooks are completed runs, each with 1.5 decisions, a fifth of them allowed',
  quiet: 'a third of the webhooks are completed runs; no rule names them',
  'all dispatched':
    'every webhook is a completed run that starts another one; the webhooks of the started runs are not counted',
  'all ignored': 'no webhook is of a completed run',
} as const;

export type Mix = keyof typeof mixes;

const kinds = ['writes', 'reads', 'storage', 'queues', 'events', 'functions', 'logs', 'api'] as const;

function combine(parts: readonly (readonly [factor: number, dollars: Dollars])[]): Dollars {
  const entries = kinds.map((kind) => [kind, sum(parts.map(([factor, dollars]) => factor * dollars[kind]))] as const);
  return Object.fromEntries(entries) as Record<(typeof kinds)[number], number>;
}

export const totalOf = (dollars: Dollars): number => sum(kinds.map((kind) => dollars[kind]));

const { awsMs, gitHubMs, invocationMs, parallelRequests, gigabytes, ingressLineBytes, loggerBytes, platformLogBytes } =
  assumptions;
const logPrice = prices.logByte + assumptions.logMonths * prices.logByteMonth;

const secondsPrice = (ms: number, memory: number): number => (ms / 1_000) * memory * prices.lambdaGigabyteSecond;

/** Returns what one webhook costs at the API and in ingress, whatever it leads to. */
function costOfWebhook(): Dollars {
  return {
    writes: 0,
    reads: 0,
    storage: 0,
    queues: 0,
    events: 0,
    functions: prices.lambdaRequest + secondsPrice(invocationMs, gigabytes.ingress),
    logs: (ingressLineBytes + platformLogBytes) * logPrice,
    api: prices.httpApiRequest,
  };
}

/** @param factDays FACT_RETENTION_DAYS */
function storagePrice({ table, bytes, indexBytes, months }: Stored, factDays: number): number {
  const kept = table === 'facts' ? Math.min(months, factDays / (365 / 12)) : months;
  return kept * ((bytes + indexBytes) * prices.storedByteMonth + bytes * prices.recoverableByteMonth);
}

/** Returns what everything behind ingress costs for one run of the situation. */
function costOfRun({ runs, requests, logLines, logBytes }: Situation, name: SituationName, factDays: number): Dollars {
  const { batchSizes } = situations[name];
  const events = requests.flatMap((request) => request.events);
  const messages = {
    // Each plan is the answer to one message of ingress.
    runs: events.filter(({ type }) => type === 'run.planned').length,
    decisions: events.filter(({ type }) => type === 'route.decided').length,
    facts: events.length,
  };
  const invocations = {
    planning: messages.runs / batchSizes.runs,
    dispatch: messages.decisions / batchSizes.decisions,
    facts: messages.facts / batchSizes.facts,
  };
  const invocationCount = sum(Object.values(invocations));
  const requestSeconds = requests.map(({ sender, service }) => {
    const ms = service === 'github' ? gitHubMs : awsMs;
    return secondsPrice(ms / parallelRequests[sender], gigabytes[sender]);
  });
  const invocationSeconds = Object.entries(invocations).map(
    ([worker, count]) => count * secondsPrice(invocationMs, gigabytes[worker as keyof typeof invocations]),
  );
  // Lambda receives and deletes a batch with one request each.
  const queueRequests = sum(Object.values(messages)) + 2 * invocationCount + requests.filter(isQueueRequest).length;
  const eventBytes = sum(events.map(({ bytes }) => bytes));
  const total: Dollars = {
    writes: unitsOf(requests) * prices.writeUnit,
    reads: sum(requests.map(({ readUnits }) => readUnits)) * prices.readUnit,
    storage: sum(requests.flatMap(({ stored }) => stored.map((added) => storagePrice(added, factDays)))),
    queues: queueRequests * prices.sqsRequest,
    events:
      events.length * prices.event +
      eventBytes * (prices.archivedEventByte + assumptions.archiveMonths * prices.archivedByteMonth),
    functions: invocationCount * prices.lambdaRequest + sum(requestSeconds) + sum(invocationSeconds),
    logs: (logBytes + logLines * loggerBytes + invocationCount * platformLogBytes) * logPrice,
    api: 0,
  };
  return combine([[1 / runs, total]]);
}

const isQueueRequest = ({ service }: Situation['requests'][number]): boolean => service === 'sqs';

/** The default of FACT_RETENTION_DAYS. */
export const defaultFactDays = 400;

/** Returns the dollars per million webhooks of each mix. @param factDays FACT_RETENTION_DAYS */
export function dollarsOf(measurements: Measurements, factDays = defaultFactDays): Readonly<Record<Mix, Dollars>> {
  const webhook = costOfWebhook();
  const cost = (name: SituationName): Dollars => costOfRun(measurements[name], name, factDays);
  const [noRule, twoDenied, dispatched] = [cost('noRule'), cost('twoDenied'), cost('dispatched')];
  const oneDenied = combine([
    [1 / 2, twoDenied],
    [-1 / 2, noRule],
  ]);
  // A dispatched run is planned, and so is the run that it starts.
  const oneDispatch = combine([
    [1, dispatched],
    [-2, noRule],
  ]);
  const perMillion = (...parts: readonly (readonly [number, Dollars])[]): Dollars =>
    combine(parts.map(([factor, dollars]) => [factor * 1_000_000, dollars] as const));
  return {
    'research mix': perMillion(
      [1, webhook],
      [1 / 3, noRule],
      [(1.5 / 3) * 0.8, oneDenied],
      [(1.5 / 3) * 0.2, oneDispatch],
    ),
    quiet: perMillion([1, webhook], [1 / 3, noRule]),
    'all dispatched': perMillion([1, webhook], [1, noRule], [1, oneDispatch]),
    'all ignored': perMillion([1, webhook]),
  };
}
