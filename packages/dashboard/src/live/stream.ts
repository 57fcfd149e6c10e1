import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { afterError, afterOpen, firstRound, staleSinceOf } from './rounds.ts';

/** A list whose new facts the API streams. */
export type StreamList = 'audit' | 'deliveries' | 'dispatches';

/** A browser ends a stream for good at an error status, and then the page asks again. */
const reopenMs = 15_000;

interface Listener {
  /** Called for each event: something is new, or may be. */
  readonly onNews: () => void;
  /** Whether the list was read so lately that its first event can wait for the next round. */
  readonly isFresh: () => boolean;
  readonly onStale: (since: number | null) => void;
}

/**
 * Follows the stream of a list.
 * @returns a function that ends it
 */
function follow(list: StreamList, { onNews, isFresh, onStale }: Listener): () => void {
  let rounds = firstRound(Date.now());
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isFirstEvent = true;
  let isDue = false;
  const onEvent = () => {
    // The first event says only where the list is now, and what came between the list and it is found a round later.
    isDue = isFirstEvent && isFresh();
    isFirstEvent = false;
    if (!isDue) onNews();
  };
  const open = () => {
    source = new EventSource(`/api/stream?list=${list}`);
    source.addEventListener('open', () => {
      rounds = afterOpen(rounds, Date.now());
      onStale(null);
      if (isDue) onNews();
      isDue = false;
    });
    source.addEventListener('message', onEvent);
    source.addEventListener('error', () => {
      rounds = afterError(rounds);
      onStale(staleSinceOf(rounds));
      if (source.readyState !== EventSource.CLOSED) return;
      // A stream does not say why it ended; a request of the list does, and leads to the sign-in if the session ended.
      onNews();
      timer = setTimeout(open, reopenMs);
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

function subscribeToVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}

const useIsVisible = (): boolean =>
  useSyncExternalStore(subscribeToVisibility, () => document.visibilityState === 'visible');

/**
 * Follows the stream of a list while the tab is visible. For a tab that becomes visible again there may be
 * something new.
 * @returns since when the list may be out of date because Dispatcher does not answer; null if it is current
 */
export function useStream(
  list: StreamList,
  isEnabled: boolean,
  listener: Pick<Listener, 'isFresh' | 'onNews'>,
): number | null {
  const [staleSince, setStaleSince] = useState<number | null>(null);
  const isFollowed = useIsVisible() && isEnabled;
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    if (!isFollowed) return undefined;
    return follow(list, {
      onNews: () => latest.current.onNews(),
      isFresh: () => latest.current.isFresh(),
      onStale: setStaleSince,
    });
  }, [list, isFollowed]);
  return staleSince;
}
