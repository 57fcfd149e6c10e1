import type { DeadLetterMessage } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queues.ts';
import { scanDeadLetters, type ScanOptions, type ScanTools } from './scan.ts';

/**
 * The result of a search by id. `held`: not received, and other readers hold some messages of the queue. `stopped`: the
 * signal ended the scan before all messages were received.
 */
export type DeadLetterSearch =
  | { readonly state: 'found'; readonly deadLetter: DeadLetterMessage }
  | { readonly state: 'absent' | 'stopped' }
  | { readonly state: 'held'; readonly held: number };

/** Searches a queue for the dead letter with this id. It stays in the queue, visible. */
export async function findDeadLetter(
  tools: ScanTools,
  queue: DeadLetterQueue,
  id: string,
  options: ScanOptions,
): Promise<DeadLetterSearch> {
  const scan = scanDeadLetters(tools, queue, options);
  try {
    for (;;) {
      const next = await scan.next();
      if (next.done === true) {
        if (options.signal.aborted) return { state: 'stopped' };
        return next.value > 0 ? { state: 'held', held: next.value } : { state: 'absent' };
      }
      const { deadLetter } = next.value;
      if (deadLetter.id === id) return { state: 'found', deadLetter };
    }
  } finally {
    await scan.return(0);
  }
}
