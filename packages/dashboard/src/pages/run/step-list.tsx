import { Message } from '../../components/message.tsx';
import { ExternalLink } from '../../components/route-name.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { Time } from '../../components/time.tsx';
import type { Entry } from '../../words/run-facts.ts';
import { duration } from '../../words/times.ts';
import styles from './run.module.css';

/** Everything that was recorded about a run, oldest first, each with how long after the one before it happened. */
export function StepList({ entries }: { readonly entries: readonly Entry[] }) {
  return (
    <ol className={styles.steps}>
      {entries.map(({ id, state, text, url, time, tookMs }) => {
        const message = <Message text={text} />;
        return (
          <li key={id} className={styles.line}>
            <StateLabel state={state} />
            <span className={styles.text}>
              {url === null ? message : <ExternalLink href={url}>{message}</ExternalLink>}
            </span>
            <span className={styles.lineTime}>
              {tookMs === null ? null : <span className={styles.after}>+{duration(tookMs)}</span>}
              <Time value={time} align="end" />
            </span>
          </li>
        );
      })}
    </ol>
  );
}
