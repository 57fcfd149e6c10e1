import { Button, Checkbox, FormControl } from '@primer/react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read, type Schemas } from '../../api/client.ts';
import type { paths } from '../../api/schema.ts';
import { definedOnly } from '../../api/parameters.ts';
import { useIsOperator } from '../../api/session.ts';
import { pageSize, useList } from '../../api/use-list.ts';
import { DataList } from '../../components/data-list.tsx';
import { ChoiceFilter, Filters, TimeFilter } from '../../components/filters.tsx';
import { LoadMore } from '../../components/load-more.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { Blank } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { counted } from '../../words/counts.ts';
import {
  deadLetterStateChoices,
  nextStepOf,
  type QueueName,
  reasonChoices,
  stateOfDeadLetter,
  titleOfReason,
} from '../../words/dead-letters.ts';
import { timeOfSince } from '../../words/since.ts';
import type { ActionKind, Intent } from './action.ts';
import styles from './dead-letters.module.css';
import { isActionable, maxSelected, toggled, toggledAll } from './selection.ts';

type DeadLetter = Schemas['DeadLetter'];
type Query = NonNullable<paths['/api/dead-letters/{queue}']['get']['parameters']['query']>;

export interface DeadLetterSearch {
  readonly queue?: string;
  readonly state?: string;
  readonly reason?: string;
  readonly since?: string;
  readonly until?: string;
}

interface ListProps {
  readonly queue: QueueName;
  readonly search: DeadLetterSearch;
  readonly change: (search: DeadLetterSearch) => void;
  readonly inspect: (deadLetterId: string) => void;
  readonly begin: (intent: Intent) => void;
}

/** The dead letters of one queue, to choose from. */
export function DeadLetterList({ queue, search, change, inspect, begin }: ListProps) {
  const { reason, until } = search;
  const state = search.state ?? 'open';
  const [openedAt] = useState(() => Date.now());
  const since = timeOfSince(search.since, openedAt);
  const isOperator = useIsOperator();
  const [selected, setSelected] = useState<readonly string[]>([]);
  const list = useList<DeadLetter>(['dead-letters', queue, { reason, state, since, until }], async (cursor, signal) => {
    const query = definedOnly({
      state: state === 'all' ? undefined : state,
      reason,
      since,
      until,
      cursor,
      limit: pageSize,
    }) as Query;
    const { deadLetters, cursor: next } = await read(
      api.GET('/api/dead-letters/{queue}', { params: { path: { queue }, query }, signal }),
    );
    return { items: deadLetters, cursor: next };
  });
  const set = (name: keyof DeadLetterSearch, value: string | undefined) => {
    const { [name]: _, ...rest } = search;
    change(value === undefined ? rest : { ...rest, [name]: value });
  };
  const ids = list.items.filter(isActionable).map(({ deadLetterId }) => deadLetterId);
  const start = (kind: ActionKind) => begin({ kind, queue, select: selectionOf(selected, reason) });
  return (
    <>
      <Filters>
        <ChoiceFilter
          label="State"
          all="Open"
          value={search.state}
          choices={[...deadLetterStateChoices.slice(1), ['all', 'All']]}
          change={(value) => set('state', value)}
        />
        <ChoiceFilter label="Reason" value={reason} choices={reasonChoices} change={(value) => set('reason', value)} />
        <TimeFilter value={search.since} change={(value) => set('since', value)} />
      </Filters>
      {reason === undefined ? null : <p className={styles.hint}>{nextStepOf(reason)}</p>}
      <QueryView query={list.query}>
        {() =>
          list.items.length === 0 ? (
            <Blank title="No dead letters match these filters">Choose another state, reason or time.</Blank>
          ) : (
            <div>
              {isOperator ? (
                <div className={styles.toolbar}>
                  <FormControl disabled={ids.length === 0}>
                    <Checkbox
                      checked={selected.length > 0 && selected.length === Math.min(ids.length, maxSelected)}
                      indeterminate={selected.length > 0 && selected.length < Math.min(ids.length, maxSelected)}
                      onChange={() => setSelected(toggledAll(selected, ids))}
                    />
                    <FormControl.Label>
                      {selected.length === 0 ? 'Select all' : `${counted(selected.length, 'dead letter')} selected`}
                    </FormControl.Label>
                  </FormControl>
                  <div className={styles.actions}>
                    <Button onClick={() => start('redrive')}>Redrive…</Button>
                    <Button variant="danger" onClick={() => start('discard')}>
                      Discard…
                    </Button>
                  </div>
                </div>
              ) : null}
              <DataList
                label="Dead letters"
                rows={list.items}
                keyOf={({ deadLetterId }) => deadLetterId}
                columns={[
                  {
                    id: 'message',
                    header: 'Dead letter',
                    grow: true,
                    narrow: 'primary',
                    cell: (deadLetter) => (
                      <div className={styles.message}>
                        {isOperator ? (
                          <Checkbox
                            aria-label={`Select ${titleOfReason(deadLetter.reason)}, ${deadLetter.deadLetterId.slice(0, 8)}`}
                            checked={selected.includes(deadLetter.deadLetterId)}
                            disabled={!isActionable(deadLetter)}
                            onChange={() => setSelected(toggled(selected, deadLetter.deadLetterId))}
                          />
                        ) : null}
                        <div>
                          <button
                            type="button"
                            className={styles.inspect}
                            onClick={() => inspect(deadLetter.deadLetterId)}
                          >
                            {titleOfReason(deadLetter.reason)}
                          </button>
                          <div className={styles.detail}>{deadLetter.detail}</div>
                        </div>
                      </div>
                    ),
                  },
                  {
                    id: 'state',
                    header: 'State',
                    narrow: 'state',
                    cell: (deadLetter) => <StateLabel state={stateOfDeadLetter(deadLetter.state)} />,
                  },
                  {
                    id: 'run',
                    header: 'Run',
                    cell: (deadLetter) => <CauseLink deadLetter={deadLetter} />,
                  },
                  {
                    id: 'attempts',
                    header: 'Attempts',
                    align: 'end',
                    narrow: 'hidden',
                    cell: ({ attempts }) => attempts,
                  },
                  {
                    id: 'redrives',
                    header: 'Redrives',
                    align: 'end',
                    narrow: 'hidden',
                    cell: ({ redrives }) => redrives,
                  },
                  {
                    id: 'time',
                    header: 'Since',
                    align: 'end',
                    cell: ({ deadLetteredAt }) => <Time value={deadLetteredAt} inRow align="end" />,
                  },
                ]}
              />
              <LoadMore list={list} noun="dead letter" />
            </div>
          )
        }
      </QueryView>
    </>
  );
}

/** Leads to the run of a message, or to the delivery that it came with. */
function CauseLink({ deadLetter: { runKey, deliveryId } }: { readonly deadLetter: DeadLetter }) {
  if (runKey !== null) {
    return (
      <Link to="/runs/$runKey" params={{ runKey }}>
        {runKey}
      </Link>
    );
  }
  if (deliveryId === null) return <span className={styles.none}>Run unknown</span>;
  return (
    <Link to="/deliveries/$deliveryId" params={{ deliveryId }}>
      Delivery {deliveryId.slice(0, 8)}
    </Link>
  );
}

const selectionOf = (ids: readonly string[], reason: string | undefined): Intent['select'] => {
  if (ids.length > 0) return { ids: [...ids] };
  return reason === undefined ? { all: true } : ({ reason } as Intent['select']);
};
