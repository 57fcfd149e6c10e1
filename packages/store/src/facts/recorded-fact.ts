import {
  type Check,
  type ClosestRule,
  type Fact,
  factsWithoutChecks,
  RouteDecided,
  RunPlanned,
} from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { cutText } from './fact-line.ts';

/**
 * Set if the fact exceeded the size of one write unit: long texts end with `…`, and long lists are cut. The stored plan has
 * a plan or decision in full.
 */
const abridged = z.optional(z.literal(true));

/**
 * The schemas of facts as they are stored, by name: without satisfied checks, and a decision without the trigger, which
 * its plan has.
 */
export const recordedFacts = {
  RunPlanned: z.extend(RunPlanned, { abridged }),
  RouteDecided: z.extend(RouteDecided, { data: z.omit(RouteDecided.shape.data, { trigger: true }), abridged }),
  RunDelayed: z.extend(factsWithoutChecks.RunDelayed, { abridged }),
  DeliveryRepeated: z.extend(factsWithoutChecks.DeliveryRepeated, { abridged }),
  DeliveryIgnored: z.extend(factsWithoutChecks.DeliveryIgnored, { abridged }),
  DispatchAccepted: z.extend(factsWithoutChecks.DispatchAccepted, { abridged }),
  DispatchFailed: z.extend(factsWithoutChecks.DispatchFailed, { abridged }),
  DispatchCompleted: z.extend(factsWithoutChecks.DispatchCompleted, { abridged }),
  IssueReported: z.extend(factsWithoutChecks.IssueReported, { abridged }),
  PlanReported: z.extend(factsWithoutChecks.PlanReported, { abridged }),
  MessageDeadLettered: z.extend(factsWithoutChecks.MessageDeadLettered, { abridged }),
  OperatorActed: z.extend(factsWithoutChecks.OperatorActed, { abridged }),
  DeliveriesChecked: z.extend(factsWithoutChecks.DeliveriesChecked, { abridged }),
  DeadLetterActed: z.extend(factsWithoutChecks.DeadLetterActed, { abridged }),
  KeyChanged: z.extend(factsWithoutChecks.KeyChanged, { abridged }),
  PauseChanged: z.extend(factsWithoutChecks.PauseChanged, { abridged }),
  RepositoryConfirmed: z.extend(factsWithoutChecks.RepositoryConfirmed, { abridged }),
  BulkReplayChanged: z.extend(factsWithoutChecks.BulkReplayChanged, { abridged }),
  ConfigChecked: z.extend(factsWithoutChecks.ConfigChecked, { abridged }),
  ConfigObserved: z.extend(factsWithoutChecks.ConfigObserved, { abridged }),
  ScheduleChanged: z.extend(factsWithoutChecks.ScheduleChanged, { abridged }),
  ScheduleMissed: z.extend(factsWithoutChecks.ScheduleMissed, { abridged }),
  WebhookChanged: z.extend(factsWithoutChecks.WebhookChanged, { abridged }),
} as const;

const { RunPlanned: first, ...others } = recordedFacts;
/** A fact as it is stored. */
export const RecordedFact = z.discriminatedUnion('type', [first, ...Object.values(others)]);
export type RecordedFact = z.infer<typeof RecordedFact>;

/** Returns the part of a fact that is stored with it. */
export function recordedFact(fact: Fact): RecordedFact {
  if (fact.type === 'run.planned') {
    const { checks, unmatched } = fact.data;
    return { ...fact, data: { ...fact.data, checks: failedOf(checks), unmatched: unmatched.map(failedOfRule) } };
  }
  if (fact.type === 'route.decided') {
    const { trigger: _, decision, ...data } = fact.data;
    const closest = decision.closest === undefined ? {} : { closest: failedOfRule(decision.closest) };
    return { ...fact, data: { ...data, decision: { ...decision, checks: failedOf(decision.checks), ...closest } } };
  }
  return fact;
}

const failedOf = (checks: readonly Check[]): Check[] => checks.filter(({ satisfied }) => !satisfied);
const failedOfRule = (rule: ClosestRule): ClosestRule => ({ ...rule, checks: failedOf(rule.checks) });

/** What is left of a fact: the maximum bytes of each text and of each input, and the maximum length of each list. */
interface Limits {
  readonly text: number;
  readonly input: number;
  readonly list: number;
}

/** From the most to the least that is kept. */
const abridgements: readonly Limits[] = [
  { text: 400, input: 100, list: 8 },
  { text: 250, input: 50, list: 4 },
  { text: 160, input: 0, list: 2 },
  { text: 100, input: 0, list: 1 },
  { text: 60, input: 0, list: 0 },
  { text: 30, input: 0, list: 0 },
  { text: 8, input: 0, list: 0 },
];

// Ids, names, codes, times and numbers stay whole.
const texts: ReadonlySet<string> = new Set([
  'message',
  'fix',
  'detail',
  'reason',
  'expected',
  'actual',
  'rule',
  'path',
  'ref',
  'operator',
  'headBranch',
]);

/** Returns the fact in full and then with less and less of its texts and lists. */
export function* abridgementsOf(fact: RecordedFact): Generator<RecordedFact> {
  yield fact;
  for (const limits of abridgements) {
    yield { ...fact, data: cut(fact.data, limits), abridged: true } as RecordedFact;
  }
}

function cut(value: unknown, limits: Limits, name = ''): unknown {
  if (typeof value === 'string') return texts.has(name) ? cutText(value, limits.text) : value;
  if (Array.isArray(value)) return value.slice(0, limits.list).map((each) => cut(each, limits, name));
  if (typeof value !== 'object' || value === null) return value;
  if (name === 'inputs') return limits.input === 0 ? {} : cutInputs(value as Record<string, string>, limits);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cut(each, limits, key)]));
}

function cutInputs(inputs: Readonly<Record<string, string>>, { input, list }: Limits) {
  const kept = Object.entries(inputs).slice(0, list);
  return Object.fromEntries(kept.map(([name, value]) => [cutText(name, input), cutText(value, input)]));
}
