import { CheckCircleFillIcon, CircleIcon } from '@primer/octicons-react';
import { Time } from '../../components/time.tsx';
import { durationsOf, type TimelineStep } from '../../words/run-history.ts';
import { duration } from '../../words/times.ts';
import styles from './run.module.css';

/** The way of a run from its end to the end of what it started, with how long each part took. */
export function Timeline({ steps }: { readonly steps: readonly TimelineStep[] }) {
  const durations = durationsOf(steps);
  return (
    <ol className={styles.timeline} aria-label="Timeline">
      {steps.map(({ id, title, isDone, time }, index) => {
        const took = durations[index] ?? null;
        return (
          <li key={id} className={styles.step} data-done={isDone}>
            <span className={styles.dot}>
              {isDone ? (
                <CheckCircleFillIcon size={16} aria-label="Done" />
              ) : (
                <CircleIcon size={16} aria-label="Not yet" />
              )}
            </span>
            <span className={styles.stepTitle}>{title}</span>
            <span className={styles.stepTime}>
              {time !== null ? <Time value={time} /> : isDone ? 'time known when it completes' : 'not yet'}
            </span>
            {took === null ? null : <span className={styles.took}>{duration(took)}</span>}
          </li>
        );
      })}
    </ol>
  );
}
