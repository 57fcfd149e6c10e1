import { useSyncExternalStore } from 'react';
import { timeZone } from '../preferences/time-zone.ts';
import { exactTime, relativeTime } from '../words/times.ts';
import styles from './time.module.css';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Calls the listener each second; one timer for the whole page. */
function subscribeToSeconds(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Returns a text that depends on the current time, and renders again only when the text changes. */
export const useTextOfNow = (text: (nowMs: number) => string): string =>
  useSyncExternalStore(subscribeToSeconds, () => text(Date.now()));

interface TimeProps {
  readonly value: string;
  /** In a row whose link has the focus, the exact time is shown with it: the time itself then takes no focus. */
  readonly inRow?: boolean;
  readonly align?: 'center' | 'end';
}

/** Shows a time relative to now, and the exact one with its zone on hover and focus. */
export function Time({ value, inRow = false, align = 'center' }: TimeProps) {
  const zone = timeZone.use();
  const text = useTextOfNow((nowMs) => relativeTime(value, nowMs, zone));
  return (
    // A time that can be focused shows its tooltip to the keyboard, too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <time className={styles.time} dateTime={value} data-align={align} tabIndex={inRow ? undefined : 0}>
      {text}
      <span className={styles.exact} role="tooltip">
        {exactTime(value, zone)}
      </span>
    </time>
  );
}
