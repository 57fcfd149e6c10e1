import { ClockIcon } from '@primer/octicons-react';
import { Button } from '@primer/react';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api, read, type Schemas } from '../../api/client.ts';
import { definedOnly } from '../../api/parameters.ts';
import { useIsOperator } from '../../api/session.ts';
import { pageSize, useList } from '../../api/use-list.ts';
import { DataList } from '../../components/data-list.tsx';
import { LoadMore } from '../../components/load-more.tsx';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { Blank } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { counted } from '../../words/counts.ts';
import { timeInZone } from '../../words/schedules.ts';
import { stateOfRequester } from '../../words/requested-workflow.ts';
import type { ScheduleChange } from './change-schedule-dialog.tsx';
import styles from './schedules.module.css';

type Schedule = Schemas['Schedule'];

const CreateScheduleDialog = lazy(async () => ({
  default: (await import('./create-schedule-dialog.tsx')).CreateScheduleDialog,
}));
const ChangeScheduleDialog = lazy(async () => ({
  default: (await import('./change-schedule-dialog.tsx')).ChangeScheduleDialog,
}));

type OpenDialog = { readonly kind: 'create' } | { readonly kind: ScheduleChange; readonly schedule: Schedule };

/** The schedules with their next times; operators create, pause, run and delete them. */
export function SchedulesPage() {
  const isOperator = useIsOperator();
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const list = useList<Schedule>(['schedules'], async (cursor, signal) => {
    const query = definedOnly({ cursor, limit: pageSize });
    const { schedules, cursor: next } = await read(api.GET('/api/schedules', { params: { query }, signal }));
    return { items: schedules, cursor: next };
  });
  const close = () => setDialog(null);
  const create = isOperator ? (
    <Button variant="primary" leadingVisual={ClockIcon} onClick={() => setDialog({ kind: 'create' })}>
      New schedule
    </Button>
  ) : null;
  return (
    <Page
      title="Schedules"
      lead="Each starts a workflow at the times of a cron pattern, if the target’s inbound rules name it."
      actions={list.items.length === 0 ? null : create}
    >
      <QueryView query={list.query}>
        {() =>
          list.items.length === 0 ? (
            <Blank icon={ClockIcon} title="There are no schedules" next={create}>
              A schedule starts a workflow at fixed times, without a run that requests it.
            </Blank>
          ) : (
            <div>
              <DataList
                label="Schedules"
                rows={list.items}
                keyOf={({ scheduleId }) => scheduleId}
                columns={[
                  {
                    id: 'name',
                    header: 'Schedule',
                    narrow: 'primary',
                    cell: ({ name, cron, timezone }) => (
                      <div>
                        <div className={styles.name}>{name}</div>
                        <span className={styles.cron}>{cron}</span> <span className={styles.muted}>{timezone}</span>
                      </div>
                    ),
                  },
                  {
                    id: 'target',
                    header: 'Starts',
                    grow: true,
                    narrow: 'line',
                    cell: ({ target, ref }) => (
                      <div className={styles.target}>
                        {target}
                        {ref === null ? null : <div className={styles.muted}>on {ref}</div>}
                      </div>
                    ),
                  },
                  {
                    id: 'state',
                    header: 'State',
                    narrow: 'state',
                    cell: (schedule) => <StateLabel state={stateOfRequester(schedule)} />,
                  },
                  { id: 'next', header: 'Next', narrow: 'line', cell: (schedule) => <NextTimes schedule={schedule} /> },
                  { id: 'last', header: 'Last', narrow: 'line', cell: (schedule) => <LastTime schedule={schedule} /> },
                  ...(isOperator
                    ? [
                        {
                          id: 'actions',
                          header: 'Actions',
                          align: 'end' as const,
                          narrow: 'actions' as const,
                          cell: (schedule: Schedule) => (
                            <Actions
                              isPaused={schedule.pausedAt !== null}
                              open={(kind) => setDialog({ kind, schedule })}
                            />
                          ),
                        },
                      ]
                    : []),
                ]}
              />
              <LoadMore list={list} noun="schedule" />
            </div>
          )
        }
      </QueryView>
      <Suspense>
        {dialog?.kind === 'create' ? <CreateScheduleDialog close={close} /> : null}
        {dialog === null || dialog.kind === 'create' ? null : (
          <ChangeScheduleDialog change={dialog.kind} schedule={dialog.schedule} close={close} />
        )}
      </Suspense>
    </Page>
  );
}

function Actions({ isPaused, open }: { readonly isPaused: boolean; readonly open: (change: ScheduleChange) => void }) {
  return (
    <div className={styles.actions}>
      {isPaused ? (
        <Button size="small" onClick={() => open('resume')}>
          Resume…
        </Button>
      ) : (
        <>
          <Button size="small" onClick={() => open('run')}>
            Run now…
          </Button>
          <Button size="small" onClick={() => open('pause')}>
            Pause…
          </Button>
        </>
      )}
      <Button size="small" variant="danger" onClick={() => open('delete')}>
        Delete…
      </Button>
    </div>
  );
}

function NextTimes({ schedule: { next, timezone } }: { readonly schedule: Schedule }) {
  if (next.length === 0) return <span className={styles.muted}>None while it is paused</span>;
  return (
    <ul className={styles.times} aria-label={`Next times, ${timezone}`}>
      {next.map((time) => (
        <li key={time}>{timeInZone(time, timezone)}</li>
      ))}
    </ul>
  );
}

function LastTime({ schedule: { last, missed } }: { readonly schedule: Schedule }) {
  return (
    <div>
      {last === null ? (
        <span className={styles.muted}>Never ran</span>
      ) : (
        <>
          <span className={styles.narrowOnly}>Ran </span>
          <Link to="/runs/$runKey" params={{ runKey: last.runKey }}>
            <Time value={last.dueAt} inRow align="end" />
          </Link>
        </>
      )}
      {missed === null ? null : (
        <div className={styles.muted}>
          Missed {counted(missed.count, 'time')} until <Time value={missed.lastAt} inRow align="end" />
        </div>
      )}
    </div>
  );
}
