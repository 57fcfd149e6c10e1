import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { statusOf } from '../../api/problem.ts';
import { Message } from '../../components/message.tsx';
import { CodeLabel, ExternalLink, RouteName } from '../../components/route-name.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { Failure, ListSkeleton } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { nameOfResponsible } from '../../words/states.ts';
import { shortCommit } from '../../words/names.ts';
import { isFine, type RouteHistory, sentenceOfRoute, stateOfRouteHistory } from '../../words/run-history.ts';
import { duration } from '../../words/times.ts';
import { CheckList } from './check-list.tsx';
import styles from './run.module.css';
import { usePlan } from './run-queries.ts';

interface RouteCardProps {
  readonly runKey: string;
  readonly revision: number;
  readonly history: RouteHistory;
  /** The address of GitHub. */
  readonly github: string;
  readonly isChosen: boolean;
  /** Shows only the name and the state until it is opened. */
  readonly isFolded: boolean;
}

/** One route of a run: the decision with its checks, and what its dispatch came to. */
export function RouteCard({ runKey, revision, history, github, isChosen, isFolded }: RouteCardProps) {
  const { decided, accepted, failed, completed } = history;
  const { decision } = decided.data;
  const { code, message, fix, responsible } = failed !== null && accepted === null ? failed.data : decision;
  const inputs = Object.entries(decision.inputs);
  const runUrl = completed?.data.targetRunUrl ?? accepted?.data.htmlUrl ?? null;
  const details = (
    <div className={styles.routeBody}>
      {isFine(history) ? null : (
        <div className={styles.reason}>
          <p>
            <Message text={message} /> <CodeLabel code={code} />
          </p>
          <p>
            <strong>{responsible === 'nobody' ? 'Nothing to do' : nameOfResponsible(responsible)}:</strong>{' '}
            <Message text={fix} />
          </p>
        </div>
      )}
      <div className={styles.facts}>
        {runUrl === null ? null : <ExternalLink href={runUrl}>Started run</ExternalLink>}
        {accepted === null ? null : (
          <span>
            Started <Time value={accepted.time} /> on <strong>{accepted.data.ref}</strong>,{' '}
            {duration(accepted.data.latencyMs)} after the end of the run
          </span>
        )}
        {completed === null ? null : (
          <span>
            Completed <Time value={completed.time} />
            {completed.data.durationMs === null ? '' : ` after ${duration(completed.data.durationMs)}`}
          </span>
        )}
        {decision.rule === '' ? null : (
          <span>
            Rule <strong>{decision.rule}</strong>
            {decision.pattern === undefined ? null : (
              <>
                , whose pattern <code>{decision.pattern}</code> matches the target
              </>
            )}
          </span>
        )}
        {[decision.sourceFile, decision.targetFile].map((file) =>
          file === undefined ? null : (
            <ExternalLink key={file.repository} href={`${github}/${file.repository}/blob/${file.sha}/${file.path}`}>
              {file.repository}/{file.path} at <span className={styles.mono}>{shortCommit(file.sha)}</span>
            </ExternalLink>
          ),
        )}
      </div>
      {inputs.length === 0 ? null : (
        <dl className={styles.values}>
          {inputs.map(([name, value]) => (
            <InputLine key={name} name={name} value={value} />
          ))}
        </dl>
      )}
      <Evidence runKey={runKey} revision={revision} history={history} github={github} />
    </div>
  );
  if (isFolded) {
    return (
      <details className={styles.compact} open={isChosen}>
        <summary>
          <span className={styles.routeName}>
            <RouteName route={decision.route} />
          </span>
          <StateLabel state={stateOfRouteHistory(history)} />
        </summary>
        {details}
      </details>
    );
  }
  return (
    <article className={styles.route} data-chosen={isChosen} aria-label={sentenceOfRoute(history)}>
      <header className={styles.routeHead}>
        <h3 className={styles.routeName}>
          <Link to="/routes/$routeId" params={{ routeId: decision.routeId }}>
            <RouteName route={decision.route} />
          </Link>
        </h3>
        <StateLabel state={stateOfRouteHistory(history)} />
      </header>
      {details}
    </article>
  );
}

const InputLine = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <>
    <dt>Input {name}</dt>
    <dd>{value}</dd>
  </>
);

const FilePair = lazy(async () => {
  const { FilePair: Pair } = await import('./file-pair.tsx');
  return { default: Pair };
});

function Evidence({
  runKey,
  revision,
  history,
  github,
}: Pick<RouteCardProps, 'github' | 'history' | 'revision' | 'runKey'>) {
  const { decision } = history.decided.data;
  const [showsFiles, setShowsFiles] = useState(!isFine(history) && decision.targetFile !== undefined);
  const [showsChecks, setShowsChecks] = useState(false);
  const plan = usePlan(runKey, revision, showsChecks || showsFiles);
  const failed = decision.checks.filter((check) => !check.satisfied);
  const { wouldRefuse = [] } = decision;
  const whole = plan.data?.facts.find(
    (fact) => fact.type === 'route.decided' && fact.data.decision.dispatchId === decision.dispatchId,
  );
  const satisfied =
    whole?.type === 'route.decided' ? whole.data.decision.checks.filter((check) => check.satisfied) : [];
  const isOpen = showsChecks || showsFiles;
  return (
    <>
      {failed.length === 0 ? null : <CheckList checks={failed} label="Failed checks" />}
      {wouldRefuse.length === 0 ? null : (
        <>
          <p>A policy that is only evaluated would refuse this dispatch:</p>
          <CheckList checks={wouldRefuse} label="Failed checks of a policy that is only evaluated" />
        </>
      )}
      <div className={styles.facts}>
        <button
          type="button"
          className={styles.more}
          aria-expanded={showsFiles}
          onClick={() => setShowsFiles(!showsFiles)}
        >
          {showsFiles ? 'Hide both files' : 'Show both files'}
        </button>
        <button
          type="button"
          className={styles.more}
          aria-expanded={showsChecks}
          onClick={() => setShowsChecks(!showsChecks)}
        >
          {showsChecks ? 'Hide satisfied checks' : 'Show satisfied checks'}
        </button>
      </div>
      {isOpen && plan.isPending ? <ListSkeleton rows={4} /> : null}
      {isOpen && plan.isError ? <PlanFailure error={plan.error} retry={() => void plan.refetch()} /> : null}
      {showsFiles && plan.data !== undefined ? (
        <Suspense fallback={<ListSkeleton rows={4} />}>
          <FilePair
            decision={whole?.type === 'route.decided' ? whole.data.decision : decision}
            files={plan.data.files}
            github={github}
          />
        </Suspense>
      ) : null}
      {showsChecks && satisfied.length > 0 ? <CheckList checks={satisfied} label="Satisfied checks" /> : null}
    </>
  );
}

/** Facts are kept for longer than plans. */
function PlanFailure({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  if (statusOf(error) !== 404) return <Failure error={error} retry={retry} />;
  return <p>The plan with its files and satisfied checks is no longer stored. {error.message}</p>;
}
