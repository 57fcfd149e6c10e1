import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from '@primer/react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useIsOperator } from '../../api/session.ts';
import { Message } from '../../components/message.tsx';
import { Page, Section } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { CodeLabel, ExternalLink, WorkflowName } from '../../components/route-name.tsx';
import { StateIcon } from '../../components/state-label.tsx';
import { ListSkeleton } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { partsOfRunKey, shortCommit, workflowFile } from '../../words/names.ts';
import { entriesOf } from '../../words/run-facts.ts';
import {
  githubOf,
  inNeedFirst,
  isFine,
  planOf,
  type Planned,
  type Revision,
  routesOf,
  sentenceOfCandidates,
  sentenceOfRevision,
  startedRuns,
  stateOfRevision,
  stateOfRouteHistory,
  timelineOf,
  type Trigger,
  triggerOf,
} from '../../words/run-history.ts';
import { nameOfResponsible, stateOfConclusion } from '../../words/states.ts';
import { Chain } from './chain.tsx';
import { CheckList } from './check-list.tsx';
import { RouteCard } from './route-card.tsx';
import styles from './run.module.css';
import { useRun } from './run-queries.ts';
import { SameRefusalsLine } from './same-refusals.tsx';
import { StepList } from './step-list.tsx';
import { Timeline } from './timeline.tsx';

const ReplayDialog = lazy(async () => {
  const { ReplayDialog: Dialog } = await import('./replay-dialog.tsx');
  return { default: Dialog };
});

const routeApi = getRouteApi('/runs/$runKey');

/** With more routes, those that were started are folded. */
const maxOpenRoutes = 3;
const maxOpenSteps = 12;

function requesterOfTrigger({ key, schedule, webhook }: Extract<Trigger, { type: 'dispatch.requested' }>): string {
  if (key !== undefined) return `API key ${key.name}`;
  return schedule === undefined ? `webhook ${webhook?.name}` : `schedule ${schedule.name}`;
}

const titleOf = (trigger: Trigger | null, runKey: string): string => {
  if (trigger === null) return `Run ${partsOfRunKey(runKey)?.runId ?? runKey}`;
  if (trigger.type === 'dispatch.requested') return `Request of ${requesterOfTrigger(trigger)}`;
  const { repository, workflow, run } = trigger;
  return `${repository.owner}/${repository.name} ${workflowFile(workflow)} #${run.number}`;
};

/** Why a run did or did not start something. */
export function RunPage() {
  const { runKey } = routeApi.useParams();
  const { dispatch } = routeApi.useSearch();
  const query = useRun(runKey);
  const revisions = query.data?.pages.flatMap((page) => page.revisions) ?? [];
  const trigger = triggerOf(revisions);
  const title = titleOf(trigger, runKey);
  const [newest, ...older] = revisions;
  const isOperator = useIsOperator();
  const [replays, setReplays] = useState<'one' | 'together' | null>(null);
  return (
    <Page
      title={title}
      heading={<Heading trigger={trigger} title={title} />}
      lead={trigger === null ? undefined : <Lead trigger={trigger} />}
      actions={
        newest === undefined ? undefined : (
          <>
            <Link to="/try" search={{ run: runKey }} className={styles.tryIt ?? ''}>
              Try it with other files
            </Link>
            {isOperator ? <Button onClick={() => setReplays('one')}>Replay</Button> : null}
          </>
        )
      }
    >
      <QueryView query={query} skeleton={<ListSkeleton rows={6} />}>
        {() =>
          newest === undefined ? null : (
            <>
              <RevisionView
                runKey={runKey}
                revision={newest}
                trigger={trigger}
                dispatch={dispatch}
                sameRefusals={
                  <SameRefusalsLine runKey={runKey} revision={newest} evaluate={() => setReplays('together')} />
                }
              />
              {older.map((revision) => (
                <details key={revision.revision} className={styles.revision}>
                  <summary>
                    Revision {revision.revision}: {sentenceOfRevision(revision)}
                  </summary>
                  <RevisionView runKey={runKey} revision={revision} trigger={trigger} dispatch={dispatch} />
                </details>
              ))}
              {replays !== null ? (
                <Suspense>
                  <ReplayDialog
                    runKey={runKey}
                    revision={newest}
                    startsTogether={replays === 'together'}
                    close={() => setReplays(null)}
                  />
                </Suspense>
              ) : null}
              {query.hasNextPage ? (
                <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Load more
                </Button>
              ) : null}
            </>
          )
        }
      </QueryView>
    </Page>
  );
}

function Heading({ trigger, title }: { readonly trigger: Trigger | null; readonly title: string }) {
  if (trigger === null || trigger.type === 'dispatch.requested') return title;
  const { repository, workflow, run } = trigger;
  return (
    <>
      <WorkflowName repository={`${repository.owner}/${repository.name}`} workflow={workflow} /> #{run.number}
    </>
  );
}

function Lead({ trigger }: { readonly trigger: Trigger }) {
  if (trigger.type === 'dispatch.requested') {
    return (
      <span className={styles.meta}>
        Received <Time value={trigger.receivedAt} />
      </span>
    );
  }
  const { run } = trigger;
  return (
    <span className={styles.meta}>
      <ExternalLink href={run.htmlUrl}>
        Run {run.id}
        {run.attempt > 1 ? `, attempt ${run.attempt}` : ''}
      </ExternalLink>
      {run.headBranch === null ? null : <span className={styles.branch}>{run.headBranch}</span>}
      <span className={styles.mono}>{shortCommit(run.headSha)}</span>
      <span>{run.event}</span>
      {run.actor === null ? null : <span>by {run.actor}</span>}
      <span>{stateOfConclusion(run.conclusion).word.toLowerCase()}</span>
    </span>
  );
}

interface RevisionViewProps {
  readonly runKey: string;
  readonly revision: Revision;
  readonly trigger: Trigger | null;
  readonly dispatch: string | undefined;
  readonly sameRefusals?: ReactNode;
}

function RevisionView({ runKey, revision, trigger, dispatch, sameRefusals }: RevisionViewProps) {
  const plan = planOf(revision);
  const routes = routesOf(revision);
  const entries = entriesOf(revision, trigger);
  const [only] = routes;
  const state = routes.length === 1 && only !== undefined ? stateOfRouteHistory(only) : stateOfRevision(revision);
  return (
    <>
      <div className={styles.answer} data-tone={state.tone} role="status">
        <StateIcon state={state} size={24} />
        <div>
          <p className={styles.sentence}>
            <Message text={sentenceOfRevision(revision)} />
          </p>
          {plan === null || routes.length > 0 ? null : (
            <p className={styles.fix}>
              {plan.data.responsible === 'nobody' ? '' : `${nameOfResponsible(plan.data.responsible)}: `}
              <Message text={plan.data.fix} /> <CodeLabel code={plan.data.code} />
            </p>
          )}
        </div>
      </div>
      {sameRefusals}
      <Timeline steps={timelineOf(revision, trigger)} />
      {plan === null ? null : <Chain runKey={runKey} path={plan.data.lineage.path} started={startedRuns(routes)} />}
      {plan?.data.candidates === undefined ? null : <Candidates candidates={plan.data.candidates} />}
      {routes.length === 0 ? null : (
        <Section title={routes.length === 1 ? 'Route' : 'Routes'}>
          {inNeedFirst(routes).map((history) => (
            <RouteCard
              key={history.decided.id}
              runKey={runKey}
              revision={revision.revision}
              history={history}
              github={githubOf(trigger)}
              isChosen={history.decided.data.decision.dispatchId === dispatch}
              isFolded={routes.length > maxOpenRoutes && isFine(history)}
            />
          ))}
        </Section>
      )}
      {plan === null || routes.length > 0 ? null : <PlanChecks plan={plan} />}
      <Section title="History">
        {entries.length > maxOpenSteps ? (
          <details className={styles.history}>
            <summary>Show all {entries.length} entries</summary>
            <StepList entries={entries} />
          </details>
        ) : (
          <StepList entries={entries} />
        )}
      </Section>
    </>
  );
}

/** What the patterns of the matching rules mean. */
function Candidates({ candidates }: { readonly candidates: NonNullable<Planned['data']['candidates']> }) {
  const { listedAt } = candidates;
  return (
    <p className={styles.candidates}>
      {sentenceOfCandidates(candidates)}{' '}
      {listedAt === null ? (
        'The consent index lists no repository that allows this source.'
      ) : (
        <>
          The consent index listed those that allow this source <Time value={listedAt} />.
        </>
      )}
    </p>
  );
}

/** Why no route matched: the failed checks of the run, and those of the closest rules. */
function PlanChecks({ plan }: { readonly plan: NonNullable<ReturnType<typeof planOf>> }) {
  const failed = plan.data.checks.filter(({ satisfied }) => !satisfied);
  const { unmatched } = plan.data;
  return (
    <>
      {failed.length === 0 ? null : (
        <Section title="Failed checks">
          <CheckList checks={failed} label="Failed checks" />
        </Section>
      )}
      {unmatched.length === 0 ? null : (
        <Section title="Closest rules">
          {unmatched.map(({ rule, checks }) => (
            <article key={rule} className={styles.route}>
              <header className={styles.routeHead}>
                <h3 className={styles.routeName}>
                  <code>{rule}</code>
                </h3>
              </header>
              <div className={styles.routeBody}>
                <CheckList checks={checks} label={`Checks of ${rule}`} />
              </div>
            </article>
          ))}
        </Section>
      )}
    </>
  );
}
