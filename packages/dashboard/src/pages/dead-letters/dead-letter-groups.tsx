import { CheckCircleIcon } from '@primer/octicons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, read, type Schemas } from '../../api/client.ts';
import { DataList } from '../../components/data-list.tsx';
import { Section } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Blank, ListSkeleton } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { count, counted } from '../../words/counts.ts';
import { type QueueName, queueNames, titleOfQueue, titleOfReason } from '../../words/dead-letters.ts';
import styles from './dead-letters.module.css';

type Group = Schemas['DeadLetterSummaryResponse']['groups'][number];

interface GroupsProps {
  readonly queue: QueueName | null;
  readonly reason: string | undefined;
  readonly open: (search: { readonly queue?: string }) => void;
}

/** Open dead letters by queue and reason, with the newest of each; below it the queues where SQS and the facts differ. */
export function DeadLetterGroups({ queue, reason, open }: GroupsProps) {
  const summary = useQuery({
    queryKey: ['dead-letters'],
    queryFn: ({ signal }) => read(api.GET('/api/dead-letters', { signal })),
    refetchInterval: 60_000,
  });
  const isCurrent = (group: Group) => group.queue === queue && group.reason === reason;
  return (
    <QueryView query={summary} skeleton={<ListSkeleton rows={4} />}>
      {({ groups, queues, rolledUpAt }) => (
        <Section title="Open, by queue and reason" aside={<Counted time={rolledUpAt} />}>
          <ul className={styles.queues} aria-label="Queues">
            {queueNames.map((name) => {
              const counts = queues.find((each) => each.queue === name);
              return (
                <li key={name} data-current={name === queue}>
                  <button
                    type="button"
                    className={styles.queue}
                    onClick={() => open(name === queue ? {} : { queue: name })}
                    aria-pressed={name === queue}
                  >
                    <span>{titleOfQueue(name)}</span>
                    <span className={styles.depth}>{counted(counts?.queueDepth ?? 0, 'message')}</span>
                  </button>
                  {counts !== undefined && counts.difference !== 0 ? (
                    <span className={styles.difference}>{differenceOf(counts.difference)}</span>
                  ) : null}
                </li>
              );
            })}
          </ul>
          {groups.length === 0 ? (
            <Blank icon={CheckCircleIcon} title="No open dead letters">
              Every message was processed, redriven or discarded.
            </Blank>
          ) : (
            <DataList
              label="Open dead letters by queue and reason"
              rows={sorted(groups, queue)}
              keyOf={(group) => `${group.queue} ${group.reason}`}
              columns={[
                {
                  id: 'reason',
                  header: 'Reason',
                  narrow: 'primary',
                  cell: (group) => (
                    <Link
                      to="/dead-letters"
                      search={{ queue: group.queue, reason: group.reason }}
                      resetScroll={false}
                      className={styles.strong ?? ''}
                      {...(isCurrent(group) ? { 'aria-current': 'true' as const } : {})}
                    >
                      {titleOfReason(group.reason)}
                    </Link>
                  ),
                },
                { id: 'queue', header: 'Queue', cell: (group) => titleOfQueue(group.queue) },
                {
                  id: 'sample',
                  header: 'Newest',
                  grow: true,
                  narrow: 'line',
                  cell: ({ sample }) => <span className={styles.sample}>{sample.detail}</span>,
                },
                { id: 'open', header: 'Open', align: 'end', narrow: 'state', cell: (group) => count(group.open) },
                {
                  id: 'time',
                  header: 'Since',
                  align: 'end',
                  cell: ({ sample }) => <Time value={sample.deadLetteredAt} inRow align="end" />,
                },
              ]}
            />
          )}
        </Section>
      )}
    </QueryView>
  );
}

const Counted = ({ time }: { readonly time: string }) => (
  <>
    Counted <Time value={time} align="end" />
  </>
);

const differenceOf = (difference: number): string =>
  difference > 0
    ? `${counted(difference, 'message')} more than are recorded: inspect the queue.`
    : `${counted(-difference, 'message')} fewer than are recorded: deleted outside of Dispatcher, or counted too early.`;

/** Those of the chosen queue, if there is one; most frequent first. */
const sorted = (groups: readonly Group[], queue: QueueName | null): readonly Group[] =>
  groups.filter((group) => queue === null || group.queue === queue).toSorted((a, b) => b.open - a.open);
