import { Banner, Button, ProgressBar } from '@primer/react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { api, read } from '../../api/client.ts';
import { pageSize } from '../../api/use-list.ts';
import facts from '../../components/facts.module.css';
import { DataList } from '../../components/data-list.tsx';
import { Page, Section } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { Blank } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { count } from '../../words/counts.ts';
import { stateOfDeadLetter, titleOfQueue, titleOfReason } from '../../words/dead-letters.ts';
import {
  type Action,
  countOutcomes,
  describeSelection,
  handledOf,
  isActive,
  percentOf,
  sentenceOfAction,
} from './action.ts';
import styles from './dead-letters.module.css';
import { runner, useAction } from './runner.ts';

const routeApi = getRouteApi('/dead-letters/actions/$actionId');
const titles = { redrive: 'Redrive dead letters', discard: 'Discard dead letters' };
const maxShownIds = 100;

/** One action on dead letters: its progress, its result, and its entries in the audit log. */
export function DeadLetterActionPage() {
  const { actionId } = routeApi.useParams();
  const { kind, since } = routeApi.useSearch();
  const action = useAction(actionId);
  const isRunning = action !== undefined && isActive(action);
  useEffect(() => {
    if (!isRunning) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isRunning]);
  const shownKind = action?.kind ?? (kind === 'discard' ? 'discard' : 'redrive');
  return (
    <Page
      title={titles[shownKind]}
      lead={
        <>
          Action <code>{actionId}</code>
        </>
      }
      actions={action === undefined ? null : <Actions action={action} />}
    >
      {action === undefined ? (
        <Blank title="This tab did not start the action">
          Its progress is shown only where it was started. What it did is in the audit log below.
        </Blank>
      ) : (
        <Progress action={action} />
      )}
      <AuditEntries
        actionId={actionId}
        kind={shownKind}
        since={action?.startedAt ?? since}
        requests={action?.requests ?? 0}
      />
    </Page>
  );
}

function Actions({ action }: { readonly action: Action }) {
  const { actionId, state } = action;
  if (isActive(action)) {
    return (
      <Button variant="danger" inactive={state === 'stopping'} onClick={() => runner.stop(actionId)}>
        {state === 'stopping' ? 'Stopping…' : 'Stop'}
      </Button>
    );
  }
  return (
    <>
      {state === 'completed' ? null : <Button onClick={() => runner.resume(actionId)}>Continue</Button>}
      <Link to="/dead-letters" search={{ queue: action.queue }} className={styles.back ?? ''}>
        Back to {titleOfQueue(action.queue)}
      </Link>
    </>
  );
}

function Progress({ action }: { readonly action: Action }) {
  const handled = handledOf(action);
  const percent = percentOf(action);
  return (
    <>
      {action.problem === null ? null : (
        <Banner
          variant={action.state === 'failed' ? 'critical' : 'warning'}
          title={action.state === 'failed' ? 'The action ended before it was complete' : 'The action was interrupted'}
          description={action.problem}
        />
      )}
      {action.notice === null ? null : (
        <Banner variant="warning" title="Secret in the reason" description={action.notice} />
      )}
      <Section title="Progress">
        <div className={facts.panel}>
          <p role="status" className={facts.sentence}>
            {sentenceOfAction(action)}
          </p>
          <ProgressBar
            progress={percent}
            aria-label="Progress"
            bg={
              action.state === 'failed'
                ? 'danger.emphasis'
                : action.state === 'completed'
                  ? 'success.emphasis'
                  : 'accent.emphasis'
            }
          />
          <dl className={facts.facts}>
            <dt>Queue</dt>
            <dd>{titleOfQueue(action.queue)}</dd>
            <dt>Selected</dt>
            <dd>{describeSelection(action.select, titleOfReason)}</dd>
            <dt>Reason</dt>
            <dd>{action.reason}</dd>
            <dt>Started</dt>
            <dd>
              <Time value={action.startedAt} />
            </dd>
            {action.endedAt === null ? null : (
              <>
                <dt>Ended</dt>
                <dd>
                  <Time value={action.endedAt} />
                </dd>
              </>
            )}
            <dt>Results</dt>
            <dd className={styles.outcomes}>
              {handled.length === 0 && action.notFound.length === 0 ? 'none yet' : null}
              {countOutcomes(handled).map(([outcome, number]) => (
                <span key={outcome} className={styles.outcome}>
                  {count(number)} <StateLabel state={stateOfDeadLetter(outcome)} />
                </span>
              ))}
              {action.notFound.length === 0 ? null : (
                <span>{count(action.notFound.length)} not in the queue any more</span>
              )}
            </dd>
          </dl>
        </div>
      </Section>
      {handled.some(({ problem }) => problem !== null) ? (
        <Section title="Left in the queue">
          <DataList
            label="Dead letters that were left in the queue"
            rows={handled.filter(({ problem }) => problem !== null).slice(0, maxShownIds)}
            keyOf={({ id }) => id}
            columns={[
              { id: 'problem', header: 'Why', grow: true, narrow: 'primary', cell: ({ problem }) => problem },
              {
                id: 'outcome',
                header: 'Result',
                narrow: 'state',
                cell: ({ outcome }) => <StateLabel state={stateOfDeadLetter(outcome)} />,
              },
              {
                id: 'id',
                header: 'Dead letter',
                cell: ({ id }) => (
                  <Link to="/dead-letters" search={{ queue: action.queue, id }}>
                    {id.slice(0, 12)}
                  </Link>
                ),
              },
            ]}
          />
        </Section>
      ) : null}
    </>
  );
}

interface AuditProps {
  readonly actionId: string;
  readonly kind: 'redrive' | 'discard';
  readonly since: string | undefined;
  readonly requests: number;
}

/** The action's entries in the audit log. They are recorded some seconds after the action. */
function AuditEntries({ actionId, kind, since, requests }: AuditProps) {
  const audit = useQuery({
    queryKey: ['audit', 'action', actionId, requests],
    queryFn: async ({ signal }) => {
      const query = { action: kind, limit: pageSize, ...(since === undefined ? {} : { since }) };
      const { entries, cursor } = await read(api.GET('/api/audit', { params: { query }, signal }));
      return { entries: entries.filter((entry) => entry.actionId === actionId), more: cursor !== null };
    },
    refetchInterval: 5_000,
    placeholderData: (previous) => previous,
  });
  return (
    <Section
      title="Audit log"
      aside={
        <Link to="/audit" search={{ action: kind, ...(since === undefined ? {} : { since }) }}>
          Open the audit log
        </Link>
      }
    >
      <QueryView query={audit}>
        {({ entries, more }) =>
          entries.length === 0 ? (
            <Blank title="Nothing is recorded yet">Entries appear a few seconds after each message was handled.</Blank>
          ) : (
            <>
              <DataList
                label="Audit log of this action"
                rows={entries}
                keyOf={({ factId }) => factId}
                columns={[
                  {
                    id: 'subject',
                    header: 'Dead letter',
                    grow: true,
                    narrow: 'primary',
                    cell: ({ subject }) => <code>{subject}</code>,
                  },
                  {
                    id: 'result',
                    header: 'Result',
                    cell: ({ result }) => <StateLabel state={stateOfDeadLetter(result)} />,
                  },
                  { id: 'operator', header: 'By', cell: ({ operator }) => operator },
                  {
                    id: 'time',
                    header: 'When',
                    align: 'end',
                    cell: ({ time }) => <Time value={time} inRow align="end" />,
                  },
                ]}
              />
              {more ? (
                <p className={styles.hint}>The newest {pageSize} entries. The audit log has all of them.</p>
              ) : null}
            </>
          )
        }
      </QueryView>
    </Section>
  );
}
