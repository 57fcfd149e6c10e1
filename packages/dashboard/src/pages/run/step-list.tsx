import { Message } from '../../components/message.tsx';
import { ExternalLink } from '../../components/route-name.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { Time } from '../../components/time.tsx';
import { stepOf } from '../../words/run-facts.ts';
import type { HistoryFact } from '../../words/run-history.ts';
import styles from './run.module.css';

/** Everything that was recorded about a run, oldest first. */
export function StepList({ facts }: { readonly facts: readonly HistoryFact[] }) {
  return (
    <ol className={styles.steps}>
      {facts.map((fact) => {
        const { state, text, url } = stepOf(fact);
        const message = <Message text={text} />;
        return (
          <li key={fact.id} className={styles.line}>
            <StateLabel state={state} />
            <span className={styles.text}>
              {url === null ? message : <ExternalLink href={url}>{message}</ExternalLink>}
            </span>
            <span className={styles.lineTime}>
              <Time value={fact.time} align="end" />
            </span>
          </li>
        );
      })}
    </ol>
  );
}
