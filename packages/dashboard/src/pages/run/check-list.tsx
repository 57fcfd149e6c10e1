import { CheckCircleFillIcon, XCircleFillIcon } from '@primer/octicons-react';
import { type Check, failedFirst, sideOf, titleOfCheck } from '../../words/checks.ts';
import styles from './run.module.css';

/** Checks with what was expected and what was found, the failed ones first. */
export function CheckList({ checks, label }: { readonly checks: readonly Check[]; readonly label: string }) {
  return (
    <ul className={styles.checks} aria-label={label}>
      {failedFirst(checks).map((check) => (
        <li key={`${check.side} ${check.name} ${check.expected}`} className={styles.check}>
          {check.satisfied ? (
            <CheckCircleFillIcon className={styles.satisfied ?? ''} aria-label="Satisfied" />
          ) : (
            <XCircleFillIcon className={styles.failed ?? ''} aria-label="Not satisfied" />
          )}
          <div>
            <span className={styles.checkName}>{titleOfCheck(check)}</span>
            <span className={styles.side}>{sideOf(check)}</span>
          </div>
          <dl className={styles.values}>
            <dt>Expected</dt>
            <dd>{check.expected.replaceAll('`', '')}</dd>
            <dt>Found</dt>
            <dd>{check.actual.replaceAll('`', '')}</dd>
          </dl>
        </li>
      ))}
    </ul>
  );
}
