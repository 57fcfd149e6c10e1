import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import { Skeleton } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { count, counted } from '../../words/counts.ts';
import type { Schemas } from '../../api/client.ts';
import styles from './overview.module.css';

interface Figures {
  readonly status: Schemas['StatusResponse'] | undefined;
  readonly summary: Schemas['SummaryResponse'] | undefined;
  readonly queues: Schemas['QueuesResponse'] | undefined;
  readonly deadLetters: Schemas['DeadLetterSummaryResponse'] | undefined;
  readonly installations: readonly Schemas['Installation'][] | undefined;
  readonly pause: Schemas['PauseResponse'] | undefined;
}

/** An installation below this share of its hourly requests is about to be rate-limited. */
const minBudgetShare = 0.1;

interface CardProps {
  readonly title: string;
  readonly value: ReactNode;
  readonly remark: ReactNode;
  readonly tone?: 'attention' | 'danger' | undefined;
}

const Card = ({ title, value, remark, tone }: CardProps) => (
  <div className={styles.card}>
    <h3 className={styles.cardTitle}>{title}</h3>
    <div className={styles.value} data-tone={tone}>
      {value}
    </div>
    <div className={styles.remark}>{remark}</div>
  </div>
);

const tones = { ok: undefined, unknown: undefined, warning: 'attention', critical: 'danger' } as const;

/** Returns the color of a figure: that of its check in the banner above. */
function toneOf(status: Figures['status'], name: string): CardProps['tone'] {
  const state = stateOf(status, name);
  return state === undefined ? undefined : tones[state];
}

const stateOf = (status: Figures['status'], name: string) => status?.checks.find((check) => check.name === name)?.state;

const gitHubStates = { ok: 'Reachable', unknown: 'Not known yet', warning: 'No response', critical: 'No response' };

function GitHubCard({ status }: { readonly status: Schemas['StatusResponse'] }) {
  return (
    <Card
      title="GitHub"
      value={gitHubStates[stateOf(status, 'github') ?? 'unknown']}
      tone={toneOf(status, 'github')}
      remark={
        status.gitHubRespondedAt === null ? (
          'No request was sent yet'
        ) : (
          <>
            Responded <Time value={status.gitHubRespondedAt} />
          </>
        )
      }
    />
  );
}

/** The messages of each queue, and since when it was not empty: the longest time that one can have waited. */
const QueueList = ({ queues }: { readonly queues: Schemas['QueuesResponse']['queues'] }) =>
  queues.map(({ queue, waiting, inFlight, delayed, lastEmptyAt }, index) => (
    <Fragment key={queue}>
      {index === 0 ? null : ' · '}
      {queue} {count(waiting + inFlight + delayed)}
      {waiting === 0 || lastEmptyAt === null ? null : (
        <>
          , empty <Time value={lastEmptyAt} />
        </>
      )}
    </Fragment>
  ));

/** What is waiting, and what could make something wait. */
export function NowCards({ figures }: { readonly figures: Figures }) {
  const { status, summary, queues, deadLetters, installations, pause } = figures;
  if (
    status === undefined ||
    summary === undefined ||
    queues === undefined ||
    deadLetters === undefined ||
    installations === undefined
  ) {
    return (
      <div className={styles.cards}>
        {['intake', 'queues', 'dead letters', 'GitHub', 'requests', 'brake'].map((name) => (
          <Skeleton key={name} height={108} />
        ))}
      </div>
    );
  }
  const { checkLagMs, checkedUntil } = summary.freshness;
  const working = queues.queues.filter(({ queue }) => !/dead-letters|undelivered/.test(queue));
  const waiting = working.reduce((sum, queue) => sum + queue.waiting + queue.inFlight + queue.delayed, 0);
  const open = deadLetters.queues.reduce((sum, { queueDepth }) => sum + queueDepth, 0);
  const lowest = [...installations].sort((one, other) => one.remaining / one.limit - other.remaining / other.limit)[0];
  return (
    <div className={styles.cards}>
      <Card
        title="Missed deliveries"
        value={checkLagMs === null ? 'Not checked yet' : 'Checked'}
        tone={toneOf(status, 'missed-deliveries')}
        remark={
          checkedUntil === null ? (
            'GitHub’s log is checked every few minutes'
          ) : (
            <>
              GitHub’s log up to <Time value={checkedUntil} />
            </>
          )
        }
      />
      <Card
        title="Queues"
        value={waiting === 0 ? 'Empty' : count(waiting)}
        tone={working.map(({ queue }) => toneOf(status, `queue-${queue}`)).find((tone) => tone !== undefined)}
        remark={<QueueList queues={working} />}
      />
      <Card
        title="Dead letters"
        value={<Link to="/dead-letters">{open === 0 ? 'None' : count(open)}</Link>}
        tone={toneOf(status, 'dead-letters')}
        remark={
          open === 0
            ? 'Every message was processed'
            : `in ${counted(deadLetters.queues.filter(({ queueDepth }) => queueDepth > 0).length, 'queue')}`
        }
      />
      <GitHubCard status={status} />
      <Card
        title="GitHub’s rate limit"
        value={
          <Link to="/installations">
            {lowest === undefined ? 'Not known yet' : `${Math.floor((100 * lowest.remaining) / lowest.limit)} % left`}
          </Link>
        }
        tone={lowest !== undefined && lowest.remaining < lowest.limit * minBudgetShare ? 'attention' : undefined}
        remark={
          lowest === undefined ? (
            'No request was sent in the last hours'
          ) : (
            <>
              {lowest.resource} of installation {lowest.installationId}, resets <Time value={lowest.resetsAt} />
            </>
          )
        }
      />
      <Card
        title="Emergency brake"
        value={<Link to="/settings">{pause?.paused === true ? 'On' : 'Off'}</Link>}
        tone={pause?.paused === true ? 'danger' : undefined}
        remark={
          pause?.paused === true && pause.changedAt !== null ? (
            <>
              Nothing is started since <Time value={pause.changedAt} />
            </>
          ) : (
            'Allowed routes are started'
          )
        }
      />
    </div>
  );
}
