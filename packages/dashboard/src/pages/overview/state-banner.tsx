import { AlertFillIcon, AlertIcon, CheckCircleFillIcon } from '@primer/octicons-react';
import { Link } from '@tanstack/react-router';
import { Skeleton } from '../../components/states.tsx';
import { Time, useTextOfNow } from '../../components/time.tsx';
import { type Problem, problemsOf, sentenceOfState, type SystemFigures } from '../../words/system-state.ts';
import styles from './overview.module.css';

const tones = {
  success: { icon: CheckCircleFillIcon, color: 'var(--fgColor-success)' },
  attention: { icon: AlertIcon, color: 'var(--fgColor-attention)' },
  danger: { icon: AlertFillIcon, color: 'var(--fgColor-danger)' },
};

const pages: Readonly<Record<Problem['id'], '/dead-letters' | '/installations' | '/settings' | '/runs'>> = {
  'dead-letters': '/dead-letters',
  paused: '/settings',
  queue: '/settings',
  'rate-limited': '/installations',
  'roll-up': '/settings',
  unchecked: '/settings',
};

/** Says in one line whether all is well, and what needs a person. */
export function StateBanner({ figures }: { readonly figures: SystemFigures }) {
  // Ages grow while nothing arrives, so the problems are looked at each minute.
  const minute = Number(useTextOfNow((nowMs) => String(Math.floor(nowMs / 60_000))));
  if (figures.summary === undefined) return <Skeleton height={58} />;
  const problems = problemsOf(figures, minute * 60_000);
  const tone = problems.length === 0 ? 'success' : problems.some(({ isUrgent }) => isUrgent) ? 'danger' : 'attention';
  const { icon: ToneIcon, color } = tones[tone];
  const { lastDeliveryAt } = figures.summary.freshness;
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
            {problems.map((problem) => (
              <li key={problem.text}>
                <Link to={pages[problem.id]}>{problem.text}</Link>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
