/** The logical name of the event bus. */
export const busName = 'dispatcher';

/** The `source` of every event that Dispatcher publishes. */
export const eventSource = 'dispatcher';

/**
 * An event pattern of EventBridge: a field matches when one of its matchers does, and `$or` when one of its patterns
 * does.
 */
export type EventPattern = { readonly [field: string]: EventPattern | readonly EventPattern[] | readonly Matcher[] };

export type Scalar = string | number | boolean | null;

/** The part of EventBridge's pattern language that the rules use. */
export type Matcher =
  | Scalar
  | { readonly prefix: string }
  | { readonly 'anything-but': Scalar | readonly Scalar[] }
  | { readonly numeric: readonly (string | number)[] }
  | { readonly exists: boolean };

/** A rule of the event bus with one SQS target. */
export interface EventRule {
  readonly name: string;
  readonly bus: string;
  readonly pattern: EventPattern;
  /** Name of the queue that matching events are sent to. */
  readonly queue: string;
  /** Selects the part of the event that the target receives. Absent: the whole event. */
  readonly inputPath?: '$.detail';
}

/** The codes of plans that are reported in an issue of the source repository: `planProblemCodes` of the contracts. */
const reportedPlans = ['config-ambiguous', 'config-invalid', 'config-unreadable', 'plan-too-large'] as const;

export const eventRules: readonly EventRule[] = [
  {
    name: 'decisions',
    bus: busName,
    // An archived event that is replayed into the bus must not start workflows again.
    pattern: {
      source: [eventSource],
      'replay-name': [{ exists: false }],
      $or: [
        { 'detail-type': ['route.decided'] },
        // Dispatch writes a check run about it.
        { 'detail-type': ['config.checked'] },
        // Dispatch opens an issue about these plans, and closes it after the first valid plan.
        { 'detail-type': ['run.planned'], detail: { data: { code: [...reportedPlans] } } },
        { 'detail-type': ['run.planned'], detail: { data: { endsProblem: [true] } } },
        // The checks on the commit of a source's run: its plan, what became of its routes, and a request to write them again.
        {
          'detail-type': ['run.planned'],
          detail: { data: { outcome: ['planned'], trigger: { type: ['run.completed'] } } },
        },
        {
          'detail-type': ['dispatch.accepted', 'dispatch.failed', 'dispatch.completed'],
          detail: { data: { route: { source: { repository: [{ exists: true }] } } } },
        },
        { 'detail-type': ['operator.acted'], detail: { data: { result: ['published'] } } },
      ],
    },
    queue: 'decisions',
    inputPath: '$.detail',
  },
  { name: 'facts', bus: busName, pattern: { source: [eventSource] }, queue: 'facts', inputPath: '$.detail' },
];
