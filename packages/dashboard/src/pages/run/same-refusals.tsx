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

/** Says how many other runs wait for the same correction, and offers to operators to evaluate them together. */
export function SameRefusalsLine({ runKey, revision, evaluate }: SameRefusalsLineProps) {
  const same = useSameRefusals(runKey, revision);
  const isOperator = useIsOperator();
  const oldest = same?.runs.at(-1);
  if (same === null || oldest === undefined) return null;
  return (
    <div className={styles.same}>
      <span>
        {sentenceOfSameRefusals(same)} <Time value={oldest.time} />.
      </span>
      {isOperator ? (
        <Button size="small" onClick={evaluate}>
          Evaluate them together…
        </Button>
      ) : null}
    </div>
  );
}
