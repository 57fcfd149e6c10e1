// An action on dead letters. One request of the API handles a limited number; the page repeats it until none is left.
import type { Schemas } from '../../api/client.ts';
import { counted } from '../../words/counts.ts';

export type ActionKind = 'redrive' | 'discard';
/** `quarantined` is a field of a redrive only. */
export type ActionRequest = Omit<Schemas['RedriveRequest'], 'quarantined'> & { readonly quarantined?: boolean };
export type ActionResponse = Schemas['DeadLetterActionResponse'];
export type Selection = ActionRequest['select'];
export type HandledDeadLetter = ActionResponse['deadLetters'][number];

/** What is about to be done: the dialog asks for the rest. */
export interface Intent {
  readonly kind: ActionKind;
  readonly queue: ActionRequest['queue'];
  readonly select: Selection;
}

/** What an operator wants done. */
export interface Command extends Intent {
  readonly quarantined: boolean;
  readonly reason: string;
  /** Dead letters that are newer were not in the estimate, and are left alone. */
  readonly before: string;
  /** How many dead letters the estimate found. */
  readonly estimate: number;
}

export type ActionState = 'running' | 'stopping' | 'stopped' | 'completed' | 'failed';

export interface Action extends Command {
  readonly actionId: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly state: ActionState;
  /** Number of requests that were answered. */
  readonly requests: number;
  /** Requests in sequence that made no progress. */
  readonly idle: number;
  /** By id: one that is handled twice counts once. */
  readonly handled: Readonly<Record<string, HandledDeadLetter>>;
  readonly notFound: readonly string[];
  readonly problem: string | null;
  readonly notice: string | null;
}

/** After so many requests without progress the action ends: others hold the messages. */
export const maxIdleRequests = 5;

export const startAction = (command: Command, actionId: string, startedAt: string): Action => ({
  ...command,
  actionId,
  startedAt,
  endedAt: null,
  state: 'running',
  requests: 0,
  idle: 0,
  handled: {},
  notFound: [],
  problem: null,
  notice: null,
});

/** Returns the body of the action's next request. Dead letters selected by id are left out once they were handled. */
export function requestOf(action: Action): ActionRequest {
  const { actionId, queue, select, quarantined, reason, before, handled, notFound, kind } = action;
  const isOpen = (id: string) => handled[id] === undefined && !notFound.includes(id);
  const open = 'ids' in select ? { ids: select.ids.filter(isOpen) } : select;
  const body = { actionId, queue, select: open, before, reason, dryRun: false, limit: 1_000, perSecond: 20 };
  return kind === 'redrive' ? { ...body, quarantined } : body;
}

/** Returns the body of a request that only says what would be done. A dry run records nothing, not even its reason. */
export function estimateRequestOf(command: Pick<Command, 'kind' | 'queue' | 'select' | 'quarantined'>): ActionRequest {
  const { kind, queue, select, quarantined } = command;
  const body = { queue, select, reason: 'Estimate', dryRun: true, limit: 1_000, perSecond: 100 };
  return kind === 'redrive' ? { ...body, quarantined } : body;
}

/** Returns the action after a response. */
export function afterResponse(action: Action, response: ActionResponse, time: string): Action {
  const handled = { ...action.handled };
  for (const deadLetter of response.deadLetters) handled[deadLetter.id] = deadLetter;
  const notFound = [...new Set([...action.notFound, ...response.notFound])];
  const progress = Object.keys(handled).length + notFound.length;
  const before = Object.keys(action.handled).length + action.notFound.length;
  const idle = progress > before ? 0 : action.idle + 1;
  const next = {
    ...action,
    handled,
    notFound: response.ended === 'completed' ? notFound : action.notFound,
    requests: action.requests + 1,
    idle,
    problem: response.problem,
    notice: response.notice ?? action.notice,
  };
  const ended = (state: ActionState, problem = response.problem) => ({ ...next, state, problem, endedAt: time });
  if (response.ended === 'failed') return ended('failed', response.problem ?? 'The action failed.');
  if (!response.more || hasNothingOpen(next)) return ended('completed');
  if (action.state === 'stopping') return ended('stopped');
  if (idle >= maxIdleRequests) {
    return ended('failed', 'Other readers hold the rest of the messages. Continue in a minute.');
  }
  return next;
}

const hasNothingOpen = (action: Action): boolean => {
  const { select } = requestOf(action);
  return 'ids' in select && select.ids.length === 0;
};

export const afterFailure = (action: Action, problem: string, time: string): Action => ({
  ...action,
  state: 'failed',
  problem,
  endedAt: time,
});

/** Stops after the request that is being carried out: what was sent stays sent. */
export const stopAction = (action: Action): Action =>
  action.state === 'running' ? { ...action, state: 'stopping' } : action;

/** Ends an action that was stopped while no request was in progress. */
export const stoppedAction = (action: Action, time: string): Action =>
  action.state === 'stopping' ? { ...action, state: 'stopped', endedAt: time } : action;

export const isActive = ({ state }: Action): boolean => state === 'running' || state === 'stopping';

export const continueAction = (action: Action): Action =>
  isActive(action) || action.state === 'completed'
    ? action
    : { ...action, state: 'running', idle: 0, problem: null, endedAt: null };

export const handledOf = (action: Action): readonly HandledDeadLetter[] => Object.values(action.handled);

/** Returns how many dead letters ended in each outcome, most frequent first. */
export function countOutcomes(
  handled: readonly { readonly outcome: string }[],
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { outcome } of handled) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** Returns the share that is done, in percent; the estimate may have been too low. */
export function percentOf(action: Action): number {
  if (action.state === 'completed') return 100;
  const done = Object.keys(action.handled).length + action.notFound.length;
  return Math.min(99, Math.round((100 * done) / Math.max(1, action.estimate)));
}

/** Returns the selection in words: `all with the reason “Attempts exhausted”`. */
export function describeSelection(select: Selection, titleOfReason: (reason: string) => string): string {
  if ('ids' in select)
    return select.ids.length === 1 ? 'one dead letter' : `${select.ids.length} selected dead letters`;
  if ('reason' in select) return `all with the reason “${titleOfReason(select.reason)}”`;
  if ('olderThanSeconds' in select) return `all older than ${hoursOf(select.olderThanSeconds)}`;
  return 'all';
}

const hoursOf = (seconds: number): string => {
  const hours = Math.round(seconds / 3_600);
  if (hours % 24 === 0) return hours === 24 ? '1 day' : `${hours / 24} days`;
  return hours === 1 ? '1 hour' : `${hours} hours`;
};

const done: Readonly<Record<ActionKind, string>> = { redrive: 'redriven', discard: 'discarded' };

/** Returns in one sentence how far an action is. */
export function sentenceOfAction(action: Action): string {
  const verb = done[action.kind];
  const number = handledOf(action).filter(({ outcome }) => outcome === verb).length;
  const amount = `${counted(number, 'dead letter')} ${number === 1 ? 'was' : 'were'} ${verb}`;
  const kept = action.kind === 'redrive' ? 'what was sent stays sent' : 'what was deleted stays deleted';
  return {
    running: `In progress: ${number} of ${counted(action.estimate, 'dead letter')} ${verb}.`,
    stopping: 'Stopping after the request that is being carried out.',
    stopped: `Stopped. ${amount}; ${kept}.`,
    completed: `Completed. ${amount}.`,
    failed: `Ended early. ${amount}.`,
  }[action.state];
}
