// Carries out actions on dead letters, request by request, while the dashboard is open. The tab keeps them over a reload.
import {
  type Action,
  type ActionKind,
  type ActionRequest,
  type ActionResponse,
  afterFailure,
  afterResponse,
  type Command,
  continueAction,
  isActive,
  requestOf,
  startAction,
  stopAction,
  stoppedAction,
} from './action.ts';

export interface RunnerDependencies {
  /** Sends one request; the key makes a repeat of the same request harmless. */
  readonly send: (kind: ActionKind, body: ActionRequest, idempotencyKey: string) => Promise<ActionResponse>;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly now: () => Date;
  readonly createId: () => string;
  /** Waits before the next request where the last one made no progress. */
  readonly pause: () => Promise<void>;
}

const keyOf = (actionId: string) => `dead-letter-action:${actionId}`;

export interface ActionRunner {
  /** Starts the action; it goes on by itself. */
  readonly start: (command: Command) => Action;
  readonly stop: (actionId: string) => void;
  readonly resume: (actionId: string) => void;
  /** The action, if this tab has started it; undefined otherwise. */
  readonly get: (actionId: string) => Action | undefined;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createActionRunner({ send, storage, now, createId, pause }: RunnerDependencies): ActionRunner {
  const actions = new Map<string, Action>();
  const running = new Set<string>();
  const listeners = new Set<() => void>();

  const put = (action: Action): Action => {
    actions.set(action.actionId, action);
    try {
      storage.setItem(keyOf(action.actionId), JSON.stringify(action));
    } catch {
      // A full or forbidden storage only means that a reload forgets the action; its audit remains.
    }
    for (const listener of listeners) listener();
    return action;
  };

  const get = (actionId: string): Action | undefined => {
    const known = actions.get(actionId);
    if (known !== undefined) return known;
    const text = storage.getItem(keyOf(actionId));
    if (text === null) return undefined;
    const stored = JSON.parse(text) as Action;
    // The page that carried it out is gone.
    const action: Action = isActive(stored)
      ? {
          ...stored,
          state: 'stopped',
          problem: 'The page was closed or loaded again while the action was in progress.',
        }
      : stored;
    actions.set(actionId, action);
    return action;
  };

  async function run(actionId: string): Promise<void> {
    if (running.has(actionId)) return;
    running.add(actionId);
    try {
      for (;;) {
        const action = actions.get(actionId)!;
        const key = `${actionId}-${action.requests}-${action.idle}`;
        const response = await send(action.kind, requestOf(action), key);
        const next = put(afterResponse(actions.get(actionId)!, response, now().toISOString()));
        if (!isActive(next)) return;
        if (next.idle === 0) continue;
        await pause();
        if (!isActive(put(stoppedAction(actions.get(actionId)!, now().toISOString())))) return;
      }
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      put(afterFailure(actions.get(actionId)!, problem, now().toISOString()));
    } finally {
      running.delete(actionId);
    }
  }

  return {
    start: (command) => {
      const action = put(startAction(command, createId(), now().toISOString()));
      void run(action.actionId);
      return action;
    },
    stop: (actionId) => {
      const action = get(actionId);
      if (action !== undefined) put(stopAction(action));
    },
    resume: (actionId) => {
      const action = get(actionId);
      if (action === undefined) return;
      put(continueAction(action));
      void run(actionId);
    },
    get,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
