import { useSyncExternalStore } from 'react';
import { api, read } from '../../api/client.ts';
import type { Action } from './action.ts';
import { createActionRunner } from './action-runner.ts';

/** The runner of this tab. */
export const runner = createActionRunner({
  send: (kind, body, key) => {
    const options = { headers: { 'idempotency-key': key } };
    if (kind === 'redrive')
      return read(api.POST('/api/dead-letters/redrive', { body: { quarantined: false, ...body }, ...options }));
    return read(api.POST('/api/dead-letters/discard', { body, ...options }));
  },
  storage: sessionStorage,
  now: () => new Date(),
  createId: () => crypto.randomUUID(),
  pause: () => new Promise((resolve) => setTimeout(resolve, 2_000)),
});

/** Returns an action that this tab has started, and renders again when it goes on. */
export const useAction = (actionId: string): Action | undefined =>
  useSyncExternalStore(runner.subscribe, () => runner.get(actionId));
