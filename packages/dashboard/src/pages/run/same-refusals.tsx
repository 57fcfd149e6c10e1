import { Button } from '@primer/react';
import { useIsOperator } from '../../api/session.ts';
import { Time } from '../../components/time.tsx';
import { sentenceOfSameRefusals } from '../../words/replay-preview.ts';
import type { Revision } from '../../words/run-history.ts';
import styles from './run.module.css';
import { useSameRefusals } from './use-same-refusals.ts';

interface SameRefusalsLineProps {
  readonly runKey: string;
  readonly revision: Revision;
  readonly evaluate: () => void;
}

const sentences = {
  loading: 'Looking for other runs that were refused for the same reason…',
  failed: 'Other runs that were refused for the same reason could not be read.',
  none: 'No other recent run of this route was refused for the same reason.',
};

/**
 * Says how many other runs wait for the same correction, and offers to operators to evaluate them together. The line is there
 * before the number is known, so that nothing below it moves.
 */
export function SameRefusalsLine({ runKey, revision, evaluate }: SameRefusalsLineProps) {
  const same = useSameRefusals(runKey, revision);
  const isOperator = useIsOperator();
  if (same === 'not-wanted') return null;
  if (typeof same === 'string') return <div className={styles.same}>{sentences[same]}</div>;
  const oldest = same.runs.at(-1);
  return (
    <div className={styles.same}>
      <span>
        {sentenceOfSameRefusals(same)} {oldest === undefined ? null : <Time value={oldest.time} />}.
      </span>
      {isOperator ? (
        <Button size="small" onClick={evaluate}>
          Evaluate them together…
        </Button>
      ) : null}
    </div>
  );
}
