import { Outcome, workflowOfSource, DateTime } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { InvalidCursorError } from '../cursor.ts';
import { type IsSeen, type Page, type PageRequest, queryOnce, readMatching, readPage } from '../pages.ts';
import { parseItem, type StoredItem } from '../stored-item.ts';
import { runPartition } from './fact-keys.ts';
import { type FactLine, parseLine } from './fact-line.ts';
import { deliveryPlace, dispatchPlace, subjectOf } from './fact-places.ts';
import { startedPrefix } from './items.ts';
import { factList, type Reader } from './read-facts.ts';

/** Search criterion for a run: GitHub's run id (source or target), a source commit, a delivery, or the id of an allowed dispatch. */
export type RunSearch =
  | { readonly by: 'run-id'; readonly value: string }
  | { readonly by: 'commit'; readonly value: string }
  | { readonly by: 'delivery'; readonly value: string }
  | { readonly by: 'dispatch'; readonly value: string };

/** One result of a search for runs. */
export const RunSearchResult = z.object({
  runKey: z.string(),
  deliveryId: z.string(),
  time: DateTime,
  /** Null for a request of an API key, schedule or webhook: `key`, `schedule` or `webhook` is then its name. */
  repository: z.nullable(z.string()),
  /** Null for a request, which belongs to no repository, and for a run that belongs to no workflow file. */
  workflow: z.nullable(z.string()),
  key: z.nullable(z.string()),
  schedule: z.nullable(z.string()),
  webhook: z.nullable(z.string()),
  /** Null for a request, which belongs to no repository, and for a run that was found by a dispatch. */
  commit: z.nullable(z.string()),
  outcome: z.nullable(Outcome),
  dispatchId: z.nullable(z.string()),
});
export type RunSearchResult = z.infer<typeof RunSearchResult>;

/** Finds runs with one `Query` page, newest first, each with its newest revision. */
export function findRuns(
  reader: Reader,
  { by, value }: RunSearch,
  request: PageRequest,
  isSeen?: IsSeen<RunSearchResult>,
): Promise<Page<RunSearchResult>> {
  switch (by) {
    case 'run-id':
      return findByRunId(reader, value, request);
    case 'commit':
      return findByCommit(reader, value, request, isSeen);
    case 'delivery':
      return findByDelivery(reader, value, request);
    default:
      return findByDispatch(reader, value, request);
  }
}

/**
 * Reads the partition of the run id: it contains the facts of the run as a source, and a pointer to the dispatch that
 * started it.
 */
async function findByRunId(reader: Reader, runId: string, { cursor }: PageRequest): Promise<Page<RunSearchResult>> {
  if (cursor !== undefined) throw new InvalidCursorError();
  const table = reader.tables.facts;
  const { items } = await queryOnce(reader.client, {
    TableName: table,
    KeyConditionExpression: 'pk = :pk',
    // The facts themselves are not needed.
    ProjectionExpression: 'pk, sk, #order, line, #of',
    ExpressionAttributeNames: { '#order': 'order', '#of': 'of' },
    ExpressionAttributeValues: { ':pk': runPartition(runId) },
    // Begins with the pointer.
    ScanIndexForward: false,
  });
  const found = items
    .filter(({ line }) => line !== undefined)
    .flatMap((item) => {
      const isPointer = item.sk.startsWith(startedPrefix);
      const line = parseItem(table, isPointer ? pointed(item) : item, parseLine);
      // Of the run's own facts one is enough: the others are about what became of it.
      const isFound = isPointer || line.type === 'run.planned' || line.type === 'delivery.ignored';
      return (isFound ? resultOf(line) : null) ?? [];
    });
  return { items: newestOfEach(found), cursor: null };
}

/** A pointer has the line of the fact that it points to, which names another run. */
function pointed(item: StoredItem): StoredItem {
  const { pk, sk } = item['of'] as { readonly pk: string; readonly sk: string };
  return { ...item, pk, sk };
}

async function findByCommit(
  reader: Reader,
  commit: string,
  request: PageRequest,
  isSeen?: IsSeen<RunSearchResult>,
): Promise<Page<RunSearchResult>> {
  const list = factList(reader, 'commit', commit);
  return readMatching(reader.client, list, request, { examined: 100 }, newestOfRun, isSeen);
}

/** Returns null for an earlier revision of the run before. */
const newestOfRun = (item: StoredItem, previous: string | null): RunSearchResult | null =>
  previous !== null && subjectOf(previous) === subjectOf(String(item['order'])) ? null : resultOf(parseLine(item));

/** A delivery is about one run, in the first facts that are found by it; only dead letters can precede it. */
const timelineStartLimit = 25;

/** Reads one page only: later facts name no other run. @throws InvalidCursorError for any cursor */
async function findByDelivery(
  reader: Reader,
  deliveryId: string,
  { cursor }: PageRequest,
): Promise<Page<RunSearchResult>> {
  if (cursor !== undefined) throw new InvalidCursorError();
  const list = { ...factList(reader, 'find', deliveryPlace(deliveryId)), newestFirst: false };
  const { items } = await readPage(reader.client, list, { limit: timelineStartLimit }, parseLine);
  return { items: newestOfEach(items.toReversed().flatMap((line) => resultOf(line) ?? [])), cursor: null };
}

/** A dispatch belongs to one run; every revision of its plan that allows it names it. @throws InvalidCursorError for any cursor */
async function findByDispatch(
  reader: Reader,
  dispatchId: string,
  { cursor }: PageRequest,
): Promise<Page<RunSearchResult>> {
  if (cursor !== undefined) throw new InvalidCursorError();
  const { items } = await readPage(
    reader.client,
    factList(reader, 'find', dispatchPlace(dispatchId)),
    { limit: 1 },
    parseLine,
  );
  return { items: items.flatMap((line) => resultOf(line) ?? []), cursor: null };
}

/** Returns what a search finds by this line; null for facts about later steps. */
export function resultOf(line: FactLine): RunSearchResult | null {
  const { runKey, time } = line;
  if (runKey === null) return null;
  const none = {
    repository: null,
    workflow: null,
    key: null,
    schedule: null,
    webhook: null,
    commit: null,
    outcome: null,
    dispatchId: null,
  };
  switch (line.type) {
    case 'run.planned': {
      const { deliveryId, repository, workflow, key, schedule, webhook, commit, outcome } = line;
      return { ...none, runKey, deliveryId, time, repository, workflow, key, schedule, webhook, commit, outcome };
    }
    case 'delivery.repeated': {
      const { deliveryId, repository, workflow } = line;
      return { ...none, runKey, deliveryId, time, repository, workflow };
    }
    case 'delivery.ignored':
      return { ...none, runKey, deliveryId: line.deliveryId, time, repository: line.repository };
    case 'route.decided': {
      const { deliveryId, dispatchId, route } = line;
      return { ...none, runKey, deliveryId, time, ...(workflowOfSource(route.source) ?? route.source), dispatchId };
    }
    case 'dispatch.accepted': {
      const { deliveryId, dispatchId, route } = line;
      // GitHub never reports which run an event started.
      if (!('workflow' in route.target)) return null;
      return { ...none, runKey, deliveryId, time, ...route.target, dispatchId };
    }
    default:
      return null;
  }
}

/** Returns the results, newest first, and of several revisions of a run only the newest. */
function newestOfEach(results: readonly RunSearchResult[]): RunSearchResult[] {
  const newest = new Map<string, RunSearchResult>();
  const sorted = results.toSorted((left, right) => Date.parse(right.time) - Date.parse(left.time));
  for (const result of sorted) {
    const name = JSON.stringify([result.runKey, result.deliveryId, result.dispatchId]);
    if (!newest.has(name)) newest.set(name, result);
  }
  return [...newest.values()];
}
