import { ArrowRightIcon } from '@primer/octicons-react';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../api/client.ts';
import { ExternalLink, WorkflowName } from '../../components/route-name.tsx';
import type { StartedRun } from '../../words/run-history.ts';
import styles from './run.module.css';
import { useEarlierRuns } from './run-queries.ts';

/** More started runs than this are only counted. */
const maxShown = 4;

const Arrow = () => <ArrowRightIcon aria-label="started" className={styles.arrow ?? ''} />;

interface ChainProps {
  readonly runKey: string;
  /** The workflows that led to this run, the run itself last. */
  readonly path: readonly Schemas['WorkflowReference'][];
  readonly started: readonly StartedRun[];
}

/** Which runs led to this run, and which runs it started in turn. */
export function Chain({ runKey, path, started }: ChainProps) {
  const earlier = useEarlierRuns(runKey, path.length - 1).data ?? [];
  if (path.length <= 1 && started.length === 0) return null;
  return (
    <ol className={styles.chain} aria-label="Chain">
      {path.map((reference, index) => (
        <li key={`${index} ${reference.repository}`} className={styles.chainStep}>
          {index > 0 ? <Arrow /> : null}
          {index === path.length - 1 ? (
            <span className={styles.here}>
              <WorkflowName {...reference} />
            </span>
          ) : (
            <Run reference={reference} runKey={earlier[path.length - 2 - index] ?? null} />
          )}
        </li>
      ))}
      {started.length > maxShown ? (
        <li className={styles.chainStep}>
          <Arrow /> {started.length} runs, listed below
        </li>
      ) : (
        started.map(({ url, target, runKey: startedKey }, index) => (
          <li key={url} className={styles.chainStep}>
            {index === 0 ? <Arrow /> : null}
            <Run reference={target} runKey={startedKey} url={url} />
          </li>
        ))
      )}
    </ol>
  );
}

interface RunProps {
  readonly reference: Schemas['WorkflowReference'];
  /** Null for a run that has no page, or none that the viewer may see. */
  readonly runKey: string | null;
  /** Its address on GitHub. */
  readonly url?: string;
}

function Run({ reference, runKey, url }: RunProps) {
  const name = <WorkflowName repository={reference.repository} workflow={reference.workflow} />;
  if (runKey !== null) {
    return (
      <Link to="/runs/$runKey" params={{ runKey }}>
        {name}
      </Link>
    );
  }
  return url === undefined ? name : <ExternalLink href={url}>{name}</ExternalLink>;
}
