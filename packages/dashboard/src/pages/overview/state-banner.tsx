import { AlertFillIcon, AlertIcon, CheckCircleFillIcon } from '@primer/octicons-react';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../api/client.ts';
import { RunbookLink } from '../../components/runbook-link.tsx';
import { Time } from '../../components/time.tsx';
import { pageOfCheck, problemsOf, sentenceOfState } from '../../words/system-checks.ts';
import styles from './overview.module.css';

const tones = {
  ok: { tone: 'success', icon: CheckCircleFillIcon, color: 'var(--fgColor-success)' },
  warning: { tone: 'attention', icon: AlertIcon, color: 'var(--fgColor-attention)' },
  critical: { tone: 'danger', icon: AlertFillIcon, color: 'var(--fgColor-danger)' },
};

/** Says in one line whether all is well, and what needs a person. */
export function StateBanner({ status }: { readonly status: Schemas['StatusResponse'] }) {
  const problems = problemsOf(status);
  const { tone, icon: ToneIcon, color } = tones[status.state];
  const { lastDeliveryAt } = status;
  return (
    <div className={styles.banner} data-tone={tone} role="status">
      <ToneIcon size={24} fill={color} />
      <div>
        <p className={styles.sentence}>
          {sentenceOfState(problems)}{' '}
          <span>
            {lastDeliveryAt === null ? (
              'No delivery was received yet.'
            ) : (
              <>
                Last delivery <Time value={lastDeliveryAt} />.
              </>
            )}
          </span>
        </p>
        {problems.length === 0 ? null : (
          <ul className={styles.problems}>
            {problems.map(({ name, message, runbook }) => (
              <li key={name}>
                <Link to={pageOfCheck(name)}>{message}</Link>
                <span className={styles.runbook}>
                  Runbook: <RunbookLink runbook={runbook} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
