import type { ReactNode } from 'react';
import type { Tone } from '../../words/states.ts';
import { count } from '../../words/counts.ts';
import styles from './bars.module.css';

export interface Bar {
  readonly id: string;
  /** What is counted, mostly a link to the list of it. */
  readonly label: ReactNode;
  readonly value: number;
  readonly tone: Tone;
  /** Such as the share of the bar above. */
  readonly remark?: string;
}

/** Horizontal bars, one for each number. The numbers stand beside them, so the bars themselves are decoration. */
export function Bars({ bars, label }: { readonly bars: readonly Bar[]; readonly label: string }) {
  const max = Math.max(1, ...bars.map(({ value }) => value));
  const hasRemarks = bars.some(({ remark }) => remark !== undefined);
  return (
    <ul className={styles.bars} aria-label={label} data-remarks={hasRemarks}>
      {bars.map(({ id, label: text, value, tone, remark = '' }) => (
        <li key={id} className={styles.row}>
          <span>{text}</span>
          <svg className={styles.bar} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect className={styles.track} width="100" height="10" />
            <rect className={styles[tone]} width={(100 * value) / max} height="10" />
          </svg>
          <span className={styles.count}>{count(value)}</span>
          {hasRemarks ? <span className={styles.remark}>{remark}</span> : null}
        </li>
      ))}
    </ul>
  );
}
