// The words and icons of every state: skipped, cancelled, refused and failed must not look alike.

/** The color of a state, as GitHub uses it. `quiet` states need nobody. */
export type Tone = 'success' | 'danger' | 'attention' | 'accent' | 'done' | 'quiet';

export type IconName =
  | 'check'
  | 'clock'
  | 'dead-letter'
  | 'dot'
  | 'failed'
  | 'in-progress'
  | 'no-entry'
  | 'paused'
  | 'question'
  | 'skip'
  | 'stop'
  | 'stopwatch'
  | 'warning';

export interface State {
  readonly icon: IconName;
  readonly tone: Tone;
  readonly word: string;
}

const state = (icon: IconName, tone: Tone, word: string): State => ({ icon, tone, word });

const conclusions: Readonly<Record<string, State>> = {
  success: state('check', 'success', 'Succeeded'),
  failure: state('failed', 'danger', 'Failed'),
  startup_failure: state('failed', 'danger', 'Startup failure'),
  timed_out: state('stopwatch', 'danger', 'Timed out'),
  cancelled: state('stop', 'quiet', 'Cancelled'),
  skipped: state('skip', 'quiet', 'Skipped'),
  neutral: state('dot', 'quiet', 'Neutral'),
  stale: state('clock', 'quiet', 'Stale'),
  action_required: state('warning', 'attention', 'Action required'),
};

/** The conclusions that a list can be filtered by, with their words. */
export const conclusionChoices = Object.entries(conclusions).map(([name, { word }]) => [name, word] as const);

/** Returns the state of a completed workflow run; null is a run whose conclusion GitHub did not report. */
export const stateOfConclusion = (conclusion: string | null): State =>
  conclusion === null
    ? state('question', 'quiet', 'No conclusion')
    : (conclusions[conclusion] ?? state('dot', 'quiet', conclusion.replaceAll('_', ' ')));

export type DispatchState = 'accepted' | 'accepted-unverified' | 'failed' | 'completed';

const started = state('in-progress', 'attention', 'Started');
const startedUnknown = state('question', 'attention', 'Started, run unknown');
const notStarted = state('failed', 'danger', 'Not started: failed');

/** Returns the state of a dispatch; that of a completed one is the conclusion of the run that it started. */
export function stateOfDispatch(dispatch: DispatchState, conclusion: string | null = null): State {
  if (dispatch === 'completed') return stateOfConclusion(conclusion);
  return { accepted: started, 'accepted-unverified': startedUnknown, failed: notStarted }[dispatch];
}

export type Effect = 'allow' | 'deny';

export const stateOfEffect = (effect: Effect): State =>
  effect === 'allow' ? state('check', 'success', 'Allowed') : state('no-entry', 'danger', 'Refused');

const dryRun = state('dot', 'accent', 'Dry run');

/** Decisions that nobody refused: another run of the commit starts the target, or has started it. */
const leftToAnotherRun: Readonly<Record<string, State>> = {
  'waiting-for-needs': state('clock', 'attention', 'Waiting for other workflows'),
  'already-dispatched': state('skip', 'quiet', 'Already dispatched'),
};

/** Returns whether a decision leaves the start to another run of the commit. */
export const isLeftToAnotherRun = (code: string): boolean => Object.hasOwn(leftToAnotherRun, code);

/** Returns the state of a decision. A dry run is refused, but by nobody: it would have been started. */
export const stateOfDecision = ({ effect, code }: { readonly effect: Effect; readonly code: string }): State =>
  code === 'dry-run' ? dryRun : (leftToAnotherRun[code] ?? stateOfEffect(effect));

export type Outcome =
  | 'config-invalid'
  | 'config-unreadable'
  | 'no-config'
  | 'no-match'
  | 'paused'
  | 'plan-too-large'
  | 'planned'
  | 'source-refused';

const outcomes: Readonly<Record<Outcome, State>> = {
  planned: state('check', 'success', 'Planned'),
  'no-match': state('skip', 'quiet', 'No rule matches'),
  'no-config': state('dot', 'quiet', 'No dispatching.yml'),
  'config-invalid': state('failed', 'danger', 'dispatching.yml is invalid'),
  'config-unreadable': state('failed', 'danger', 'dispatching.yml could not be read'),
  'source-refused': state('no-entry', 'quiet', 'Run not accepted'),
  paused: state('paused', 'attention', 'Paused'),
  'plan-too-large': state('failed', 'danger', 'Plan too large'),
};
const noRoutes: PlanCounts = { allowed: 0, denied: 0 };
const leftToOther = state('skip', 'quiet', 'Left to another run');
const partlyRefused = state('warning', 'attention', 'Partly refused');

export interface PlanCounts {
  readonly allowed: number;
  readonly denied: number;
  /** How many of the denied routes are a dry run. */
  readonly dryRun?: number | undefined;
  /** How many of the denied routes are left to another run of the commit. */
  readonly leftToAnotherRun?: number | undefined;
}

/** Returns the state of a plan. A planned run whose routes were all refused is refused; a dry run or a waiting route is not. */
export function stateOfOutcome(outcome: Outcome, counts: PlanCounts = noRoutes): State {
  const { allowed, denied, dryRun: dry = 0, leftToAnotherRun: left = 0 } = counts;
  if (outcome !== 'planned' || denied === 0) return outcomes[outcome];
  if (denied > dry + left) return allowed > 0 ? partlyRefused : stateOfEffect('deny');
  if (allowed > 0) return outcomes.planned;
  return left > 0 ? leftToOther : dryRun;
}

export type DeliveryKind = 'dead-lettered' | 'delayed' | 'ignored' | 'planned' | 'repeated' | 'requested';

const deliveries: Readonly<Record<Exclude<DeliveryKind, 'planned' | 'requested'>, State>> = {
  delayed: state('clock', 'attention', 'Waiting for GitHub'),
  repeated: state('skip', 'quiet', 'Delivered again'),
  ignored: state('skip', 'quiet', 'Ignored'),
  'dead-lettered': state('dead-letter', 'danger', 'Dead letter'),
};

/** Returns the state of a delivery that has no plan of its own. */
export const stateOfDelivery = (kind: keyof typeof deliveries): State => deliveries[kind];

export type RouteState = 'accepted' | 'allowed' | 'completed' | 'denied' | 'dry-run' | 'failed';

/** Returns the state of a route: that of its newest step. */
export function stateOfRoute(route: RouteState, conclusion: string | null = null): State {
  if (route === 'allowed') return state('clock', 'attention', 'Allowed, not started yet');
  if (route === 'denied') return stateOfEffect('deny');
  if (route === 'dry-run') return dryRun;
  return stateOfDispatch(route, conclusion);
}

const sides = { source: 'Source repository', target: 'Target repository', operator: 'Operator', nobody: 'Nobody' };

/** Returns who must act: `Target repository`. */
export const nameOfResponsible = (responsible: keyof typeof sides): string => sides[responsible];
