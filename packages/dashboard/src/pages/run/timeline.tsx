import { CheckCircleFillIcon, CircleIcon } from '@primer/octicons-react';
import { Time } from '../../components/time.tsx';
import type { TimelineStep } from '../../words/run-history.ts';
import { duration } from '../../words/times.ts';
import styles from './run.module.css';

/** The way of a run from its end to the end of what it started, with how long each part took. */
export function Timeline({ steps }: { readonly steps: readonly TimelineStep[] }) {
  return (
    <ol className={styles.timeline} aria-label="Timeline">
      {steps.map(({ id, title, time }, index) => {
        const next = steps[index + 1]?.time ?? null;
        const took = time === null || next === null ? null : Date.parse(next) - Date.parse(time);
        return (
          <li key={id} className={styles.step} data-done={time !== null}>
            <span className={styles.dot}>
              {time === null ? (
                <CircleIcon size={16} aria-label="Not yet" />
              ) : (
                <CheckCircleFillIcon size={16} aria-label="Done" />
              )}
            </span>
            <span className={styles.stepTitle}>{title}</span>
            <span className={styles.stepTime}>{time === null ? 'not yet' : <Time value={time} />}</span>
            {took === null || took < 0 ? null : <span className={styles.took}>{duration(took)}</span>}
          </li>
        );
      })}
    </ol>
  );
}
