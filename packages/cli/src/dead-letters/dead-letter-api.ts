import type { MessageCounts } from '@dispatcher/dead-letters';
import type { DeadLetter } from '@dispatcher/store';
import type { ApiClient } from '../client/api-client.ts';
import { ApiError } from '../client/api-error.ts';
import { applyOverApi, type DeadLetterApiOptions } from './apply-over-api.ts';
import type { DeadLetterOperations, FoundDeadLetter } from './dead-letter-operations.ts';

const retryMs = 2_000;

/** Returns the operations on dead letters over the admin API. Each throws {@link ApiError}. */
export function createDeadLetterApi(api: ApiClient, options: DeadLetterApiOptions): DeadLetterOperations {
  const { now, sleep } = options;
  return {
    recorded: async (queue, since) => {
      const deadLetters: DeadLetter[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const query = { since, limit: '100', cursor };
        const page: { deadLetters: DeadLetter[]; cursor: string | null } = await api.get(
          `/api/dead-letters/${queue}`,
          query,
        );
        deadLetters.push(...page.deadLetters);
        cursor = page.cursor;
      }
      return deadLetters;
    },
    count: (queue) => api.get<MessageCounts>(`/api/dead-letters/${queue}/depth`),
    find: async (queue, deadLetterId, { signal, waitForHeld }) => {
      const startedAt = now();
      for (let attempt = 1; ; attempt += 1) {
        try {
          const body = { queue, deadLetterId };
          const deadLetter = await api.post<FoundDeadLetter>('/api/dead-letters/inspect', body, { retry: false });
          return { state: 'found', deadLetter };
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          if (error.status === 404) return { state: 'absent' };
          if (error.status !== 503) throw error;
          if (waitForHeld === undefined) return { state: 'held', held: null };
          if (now() - startedAt >= waitForHeld.maxMs) throw error;
          if (attempt === 1) waitForHeld.onWait?.(null);
        }
        await sleep(retryMs, signal);
        if (signal.aborted) return { state: 'stopped' };
      }
    },
    apply: (queue, command, progress) => applyOverApi(api, options, queue, command, progress),
  };
}
