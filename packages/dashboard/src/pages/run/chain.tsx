import { ArrowRightIcon } from '@primer/octicons-react';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../api/client.ts';
import { WorkflowName } from '../../components/route-name.tsx';
import type { RouteHistory } from '../../words/run-history.ts';
import styles from './run.module.css';

/** More started runs than this are only counted. */
const maxShown = 4;

const Arrow = () => <ArrowRightIcon aria-label="started" className={styles.arrow ?? ''} />;

interface ChainProps {
  /** The workflows that led to this run, the run itself last. */
  readonly path: readonly Schemas['WorkflowReference'][];
  readonly routes: readonly RouteHistory[];
}

/** Which workflows led to this run, and which runs it started in turn. */
export function Chain({ path, routes }: ChainProps) {
  const started = routes.flatMap(({ accepted, completed, decided }) => {
    const url = completed?.data.targetRunUrl ?? accepted?.data.htmlUrl ?? null;
    const { target } = decided.data.decision.route;
    return url !== null && 'workflow' in target ? [{ url, target }] : [];
  });
  if (path.length <= 1 && started.length === 0) return null;
  return (
    <div className={styles.chain}>
      {path.map((reference, index) => (
        <span key={`${index} ${reference.repository}`} className={styles.chainStep}>
          {index > 0 ? <Arrow /> : null}
          <span className={index === path.length - 1 ? styles.here : undefined}>
            <WorkflowName repository={reference.repository} workflow={reference.workflow} />
          </span>
        </span>
      ))}
      {started.length === 0 ? null : (
        <span className={styles.chainStep}>
          <Arrow />
          {started.length > maxShown ? (
            <span>{started.length} runs, listed below</span>
          ) : (
            <span className={styles.chain}>
              {started.map(({ url, target }) => (
                <Link key={url} to="/find" search={{ q: url }}>
                  <WorkflowName repository={target.repository} workflow={target.workflow} />
                </Link>
              ))}
            </span>
          )}
        </span>
      )}
    </div>
  );
}
