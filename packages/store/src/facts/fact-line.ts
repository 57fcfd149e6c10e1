import {
  confirmedRepository,
  Code,
  DeadLetterReason,
  type Fact,
  type FactType,
  fullName,
  IgnoredRunReason,
  Outcome,
  requesterKinds,
  requesterOf,
  Route,
  type RunPlanned,
  targetLabel,
  DateTime,
} from '@dispatcher/contracts';
import * as z from 'zod/mini';
import type { StoredItem } from '../stored-item.ts';
import { factIdOf, runKeyOf } from './fact-keys.ts';
import { idOf, positionOf, timeOf } from './fact-places.ts';
import { sizeOf } from './item-size.ts';

/** Everything that operators do. */
export const auditActions = [
  'as-recorded',
  're-evaluate',
  'dispatch-again',
  'redrive',
  'discard',
  'key-created',
  'key-revoked',
  'paused',
  'resumed',
  'repository-confirmed',
  'bulk-replay-started',
  'bulk-replay-stopped',
  'bulk-replay-resumed',
  'bulk-replay-completed',
  'schedule-created',
  'schedule-paused',
  'schedule-resumed',
  'schedule-run',
  'schedule-deleted',
  'webhook-created',
  'webhook-paused',
  'webhook-resumed',
  'webhook-rotated',
  'webhook-tested',
  'webhook-deleted',
] as const;

const common = {
  factId: z.string(),
  /** When the fact was created. */
  time: DateTime,
  /** Null for a fact about anything but a run. */
  runKey: z.nullable(z.string()),
};
/** The delivery's GUID, or the id of the request. */
const deliveryId = z.string();

const ofDispatch = { ...common, deliveryId, dispatchId: z.string(), routeId: z.string(), route: Route };

const ofAction = {
  ...common,
  actionId: z.string(),
  action: z.enum(auditActions),
  operator: z.string(),
  reason: z.string(),
  /** The object of the action: a run key, the id of a dead letter or an API key, a repository, the name of a schedule or webhook, or `dispatches`. */
  subject: z.string(),
  result: z.string(),
};

/**
 * One fact in a list: what a row shows and a filter compares. The whole fact is in the history of its run. A text that
 * would make the line longer than {@link maxLineBytes} ends with `…`.
 */
export const FactLine = z.discriminatedUnion('type', [
  z.object({
    ...common,
    type: z.literal('run.planned'),
    deliveryId,
    /** When the delivery or the request was received. */
    receivedAt: DateTime,
    /** Null for a request of an API key, schedule or webhook, like the next six. */
    repository: z.nullable(z.string()),
    workflow: z.nullable(z.string()),
    runUrl: z.nullable(z.string()),
    commit: z.nullable(z.string()),
    branch: z.nullable(z.string()),
    event: z.nullable(z.string()),
    /** Number of the pull request of the run. Absent: GitHub names none, or not for certain. */
    pullRequest: z.optional(z.int()),
    conclusion: z.nullable(z.string()),
    /** Name of the API key, schedule or webhook of a request; the others are null. */
    key: z.nullable(z.string()),
    schedule: z.nullable(z.string()),
    webhook: z.nullable(z.string()),
    /** What a request or a job requested: `owner/name:workflow.yml` or `owner/name#event-type`. */
    target: z.nullable(z.string()),
    revision: z.int(),
    outcome: Outcome,
    code: Code,
    allowed: z.int(),
    denied: z.int(),
    /** How many of the denied decisions are a dry run. Absent: none. */
    dryRun: z.optional(z.int()),
    /** How many of the denied decisions leave the start to another run of the commit. Absent: none. */
    leftToAnotherRun: z.optional(z.int()),
  }),
  z.object({
    ...common,
    type: z.literal('run.delayed'),
    deliveryId,
    receivedAt: DateTime,
    repository: z.nullable(z.string()),
    workflow: z.nullable(z.string()),
    revision: z.int(),
    nextTryAt: DateTime,
    giveUpAt: DateTime,
  }),
  z.object({
    ...common,
    type: z.literal('delivery.repeated'),
    deliveryId,
    repository: z.string(),
    workflow: z.string(),
    /** The delivery under which the run was planned. */
    firstDeliveryId: z.string(),
  }),
  z.object({
    ...common,
    type: z.literal('delivery.ignored'),
    deliveryId,
    repository: z.string(),
    runUrl: z.string(),
    path: z.nullable(z.string()),
    reason: IgnoredRunReason,
  }),
  z.object({
    ...common,
    type: z.literal('message.dead-lettered'),
    deliveryId,
    queue: z.string(),
    reason: DeadLetterReason,
  }),
  z.object({
    ...ofDispatch,
    type: z.literal('route.decided'),
    effect: z.enum(['allow', 'deny']),
    code: Code,
    revision: z.int(),
  }),
  z.object({
    ...ofDispatch,
    type: z.literal('dispatch.accepted'),
    /** Null if the run that GitHub started is unknown. */
    targetRunUrl: z.nullable(z.string()),
    code: z.nullable(Code),
    revision: z.int(),
  }),
  z.object({
    ...ofDispatch,
    type: z.literal('dispatch.failed'),
    code: Code,
    /** GitHub's own message if there is one, or why the decision no longer holds. Absent from facts of an earlier release. */
    message: z.optional(z.string()),
    revision: z.int(),
    /** Present once GitHub accepted a later dispatch of the same route and run. */
    resolved: z.optional(z.literal(true)),
  }),
  z.object({
    ...ofDispatch,
    type: z.literal('dispatch.completed'),
    /** When GitHub accepted the dispatch. */
    startedAt: DateTime,
    conclusion: z.nullable(z.string()),
    targetRunUrl: z.string(),
    code: z.nullable(Code),
  }),
  z.object({ ...ofAction, type: z.literal('operator.acted') }),
  z.object({ ...ofAction, type: z.literal('dead-letter.acted') }),
  z.object({ ...ofAction, type: z.literal('key.changed') }),
  z.object({ ...ofAction, type: z.literal('pause.changed') }),
  z.object({ ...ofAction, type: z.literal('repository.confirmed') }),
  z.object({ ...ofAction, type: z.literal('bulk-replay.changed') }),
  z.object({ ...ofAction, type: z.literal('schedule.changed') }),
  z.object({ ...ofAction, type: z.literal('webhook.changed') }),
]);
export type FactLine = z.infer<typeof FactLine>;
export type LineOf<Type extends FactType> = Extract<FactLine, { readonly type: Type }>;

/** The stored form of a line: without what the keys of the item already say, and without nulls. */
export type StoredLine = Readonly<Record<string, unknown>> & { readonly type: FactType };

/** Every index has a copy of the line, so its size decides what a fact costs. */
export const maxLineBytes = 500;

/** Returns the line of a fact, of so many bytes at most; null for a fact that is in no list. */
export function lineOf(fact: Fact, maxBytes = maxLineBytes): StoredLine | null {
  const line = wholeLineOf(fact);
  return line === null ? null : shortened(withoutNulls({ type: fact.type, ...line }) as StoredLine, maxBytes);
}

function withoutNulls(line: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(line).filter(([, value]) => value !== null && value !== undefined));
}

function wholeLineOf(fact: Fact): Readonly<Record<string, unknown>> | null {
  switch (fact.type) {
    case 'run.planned': {
      const { revision, outcome, code, allowed, denied, dryRun, leftToAnotherRun } = fact.data;
      const counts = { allowed, denied, dryRun, leftToAnotherRun };
      return { ...timeIn(fact), ...triggerOf(fact), revision, outcome, code, ...counts };
    }
    case 'run.delayed': {
      const { repository, workflow, revision, nextTryAt, giveUpAt } = fact.data;
      return { ...timeIn(fact), repository, workflow, revision, nextTryAt, giveUpAt };
    }
    case 'delivery.repeated': {
      const { repository, workflow, firstDeliveryId } = fact.data;
      return { repository, workflow, firstDeliveryId };
    }
    case 'delivery.ignored': {
      const { repository, runUrl, path, reason } = fact.data;
      return { repository, ...urlIn(repository, runUrl), path, reason };
    }
    case 'message.dead-lettered':
      return { queue: fact.data.queue, reason: fact.data.reason };
    case 'route.decided': {
      const { decision, revision } = fact.data;
      const { routeId, route, dispatchId, effect, code } = decision;
      return { deliveryId: fact.correlationId, dispatchId, routeId, route, effect, code, revision };
    }
    case 'dispatch.accepted': {
      const { routeId, route, htmlUrl, code, revision } = fact.data;
      return {
        deliveryId: fact.correlationId,
        routeId,
        route,
        ...urlIn(route.target.repository, htmlUrl),
        code,
        revision,
      };
    }
    case 'dispatch.failed': {
      const { routeId, route, code, message, revision } = fact.data;
      return { deliveryId: fact.correlationId, routeId, route, code, message, revision };
    }
    case 'dispatch.completed': {
      const { routeId, route, conclusion, targetRunUrl, code } = fact.data;
      const what = { routeId, route, conclusion, code, ...urlIn(route.target.repository, targetRunUrl) };
      return { ...timeIn(fact), deliveryId: fact.correlationId, ...what };
    }
    default:
      return actionOf(fact);
  }
}

/** The fact's time, if its position begins with another one. */
function timeIn(fact: Fact): { readonly at?: string } {
  return timeOf(positionOf(fact)) === new Date(fact.time).toISOString() ? {} : { at: fact.time };
}

function triggerOf({ data: { trigger } }: RunPlanned): Readonly<Record<string, unknown>> {
  if (trigger.type === 'dispatch.requested') {
    const { kind, name } = requesterOf(trigger);
    return { [kind]: name, target: targetLabel(trigger.request) };
  }
  const { htmlUrl, headSha: commit, headBranch: branch, event, pullRequestNumber: pullRequest } = trigger.run;
  const { conclusion } = trigger.run;
  const repository = fullName(trigger.repository);
  const of = { repository, workflow: trigger.workflow, ...urlIn(repository, htmlUrl) };
  const run = { ...of, commit, branch, event, pullRequest };
  return trigger.type === 'run.completed' ? { ...run, conclusion } : { ...run, target: targetLabel(trigger.request) };
}

/** The URL of a run. On github.com the run's id is enough, which saves half of the bytes of a short line. */
function urlIn(repository: string, url: string | null): Readonly<Record<string, unknown>> {
  if (url === null) return {};
  const id = url.slice(runsUrl(repository).length);
  return url === runsUrl(repository) + id && /^[1-9]\d{0,14}$/.test(id) ? { run: Number(id) } : { url };
}

const runsUrl = (repository: string): string => `https://github.com/${repository}/actions/runs/`;

/** Returns what the audit log says about an action of an operator; null for any other fact. */
function actionOf(fact: Fact): Readonly<Record<string, unknown>> | null {
  switch (fact.type) {
    case 'operator.acted': {
      const { actionId, action, operator, reason, result } = fact.data;
      return { actionId, action, operator, reason, subject: fact.runKey, result };
    }
    case 'dead-letter.acted': {
      const { actionId, action, operator, reason, result, deadLetterId: subject } = fact.data;
      return { actionId, action, operator, reason, subject, result };
    }
    case 'key.changed': {
      const { actionId, action, operator, reason, keyId: subject } = fact.data;
      return { actionId, action: `key-${action}`, operator, reason, subject, result: action };
    }
    case 'pause.changed': {
      const { actionId, action, operator, reason } = fact.data;
      return { actionId, action, operator, reason, subject: 'dispatches', result: action };
    }
    case 'repository.confirmed': {
      const { actionId, operator, reason } = fact.data;
      const action = 'repository-confirmed';
      return { actionId, action, operator, reason, subject: confirmedRepository(fact.data), result: 'confirmed' };
    }
    case 'schedule.changed': {
      const { actionId, action, operator, reason, name: subject } = fact.data;
      return { actionId, action: `schedule-${action}`, operator, reason, subject, result: action };
    }
    case 'webhook.changed': {
      const { actionId, action, operator, reason, name: subject } = fact.data;
      return { actionId, action: `webhook-${action}`, operator, reason, subject, result: action };
    }
    case 'bulk-replay.changed': {
      const { bulkReplayId, action, operator, reason, selected, requested } = fact.data;
      const result = `${requested} of ${selected} requested`;
      const who = { actionId: bulkReplayId, operator, reason, subject: bulkReplayId };
      return { ...who, action: `bulk-replay-${action}`, result };
    }
    default:
      return null;
  }
}

// In this order. The repository that a list is filtered by stays whole.
const shortenable: readonly (readonly string[])[] = [
  ['message'],
  ['reason'],
  ['path'],
  ['branch'],
  ['url'],
  ['route', 'source', 'workflow'],
  ['route', 'target', 'workflow'],
  ['route', 'target', 'eventType'],
  ['route', 'id'],
  ['workflow'],
  ['route', 'source', 'job'],
  ...requesterKinds.map((kind) => ['route', 'source', kind]),
  ['route', 'source', 'repository'],
  ...requesterKinds.map((kind) => [kind]),
  ['target'],
  ['operator'],
  ['subject'],
  ['event'],
  ['firstDeliveryId'],
  ['deliveryId'],
  ['conclusion'],
];
const minTextBytes = 24;

function shortened(line: StoredLine, maxBytes: number): StoredLine {
  let short: Record<string, unknown> = line;
  for (const path of shortenable) {
    const excess = sizeOf(short) - maxBytes;
    if (excess <= 0) break;
    short = changed(short, path, (text) => cutText(text, Math.max(minTextBytes, Buffer.byteLength(text) - excess)));
  }
  return short as StoredLine;
}

function changed(
  map: Record<string, unknown>,
  path: readonly string[],
  change: (text: string) => string,
): Record<string, unknown> {
  const [name = '', ...rest] = path;
  const value = map[name];
  if (rest.length === 0) return typeof value === 'string' ? { ...map, [name]: change(value) } : map;
  if (typeof value !== 'object' || value === null) return map;
  return { ...map, [name]: changed(value as Record<string, unknown>, rest, change) };
}

/** Cuts a text to so many bytes, and marks the cut. */
export function cutText(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let kept = text.slice(0, maxBytes - 3);
  while (Buffer.byteLength(kept) > maxBytes - 3) kept = kept.slice(0, -1);
  // Half of a surrogate pair is not text.
  return `${kept.replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** What later facts say about a stored fact. Absent from nearly every fact. */
export interface Mark {
  readonly resolved?: true;
}

/** Parses the line of an item, as an index or the table returns it. @throws ZodError if it does not match its schema */
export function parseLine(item: StoredItem): FactLine {
  const { at, run, url, ...line } = item['line'] as Record<string, unknown>;
  const order = String(item['order']);
  const time = at ?? timeOf(order);
  const who = { factId: factIdOf(item), time, runKey: runKeyOf(item), ...(item['mark'] as Mark | undefined) };
  return z.parse(FactLine, { ...who, ...line, ...restOf(line, order, run, url) });
}

/** Returns what the stored form leaves out. */
function restOf(line: Readonly<Record<string, unknown>>, order: string, run: unknown, url: unknown): object {
  const runUrlOf = (repository: unknown): unknown =>
    typeof run === 'number' ? `${runsUrl(String(repository))}${run}` : (url ?? null);
  const target = (line['route'] as { readonly target?: { readonly repository?: string } } | undefined)?.target;
  const { code = null, conclusion = null, revision = 0, repository = null, workflow = null } = line;
  switch (line['type']) {
    case 'run.planned': {
      const { commit = null, branch = null, event = null, target: requested = null } = line;
      const requesters = Object.fromEntries(requesterKinds.map((kind) => [kind, line[kind] ?? null]));
      const of = { deliveryId: idOf(order), receivedAt: timeOf(order), repository, workflow, commit, branch, event };
      return { ...of, ...requesters, conclusion, target: requested, runUrl: runUrlOf(repository) };
    }
    case 'run.delayed':
      return { deliveryId: idOf(order), receivedAt: timeOf(order), repository, workflow };
    case 'delivery.ignored':
      return { deliveryId: idOf(order), path: line['path'] ?? null, runUrl: runUrlOf(repository) };
    case 'delivery.repeated':
    case 'message.dead-lettered':
      return { deliveryId: idOf(order) };
    case 'dispatch.accepted':
      return { dispatchId: idOf(order), code, revision, targetRunUrl: runUrlOf(target?.repository) };
    case 'dispatch.failed':
      return { dispatchId: idOf(order), revision };
    case 'dispatch.completed': {
      const of = { dispatchId: idOf(order), startedAt: timeOf(order), conclusion, code };
      return { ...of, targetRunUrl: runUrlOf(target?.repository) };
    }
    default:
      return {};
  }
}
