import { WebhookIcon } from '@primer/octicons-react';
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
import { stateOfRequester } from '../../words/requested-workflow.ts';
import type { WebhookChange } from './change-webhook-dialog.tsx';
import styles from './webhooks.module.css';

type Webhook = Schemas['Webhook'];

const CreateWebhookDialog = lazy(async () => ({
  default: (await import('./create-webhook-dialog.tsx')).CreateWebhookDialog,
}));
const ChangeWebhookDialog = lazy(async () => ({
  default: (await import('./change-webhook-dialog.tsx')).ChangeWebhookDialog,
}));
const RotateSecretDialog = lazy(async () => ({
  default: (await import('./rotate-secret-dialog.tsx')).RotateSecretDialog,
}));
const TestWebhookDialog = lazy(async () => ({
  default: (await import('./test-webhook-dialog.tsx')).TestWebhookDialog,
}));

type Action = WebhookChange | 'rotate' | 'test';
type OpenDialog = { readonly kind: 'create' } | { readonly kind: Action; readonly name: string };

/** The webhooks with their last messages; operators create, test, rotate, pause and delete them. */
export function WebhooksPage() {
  const isOperator = useIsOperator();
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const list = useList<Webhook>(['webhooks'], async (cursor, signal) => {
    const query = definedOnly({ cursor, limit: pageSize });
    const { webhooks, cursor: next } = await read(api.GET('/api/webhooks', { params: { query }, signal }));
    return { items: webhooks, cursor: next };
  });
  const create = isOperator ? (
    <Button variant="primary" leadingVisual={WebhookIcon} onClick={() => setDialog({ kind: 'create' })}>
      New webhook
    </Button>
  ) : null;
  return (
    <Page
      title="Webhooks"
      lead="Each starts a workflow when another service sends a signed message, if the target’s inbound rules name it."
      actions={list.items.length === 0 ? null : create}
    >
      <QueryView query={list.query}>
        {() =>
          list.items.length === 0 ? (
            <Blank icon={WebhookIcon} title="There are no webhooks" next={create}>
              A webhook starts a workflow when an alert, an incident or a command arrives from another service.
            </Blank>
          ) : (
            <div>
              <DataList
                label="Webhooks"
                rows={list.items}
                keyOf={({ webhookId }) => webhookId}
                columns={[
                  {
                    id: 'name',
                    header: 'Webhook',
                    narrow: 'primary',
                    cell: ({ name, path, verify }) => (
                      <div>
                        <div className={styles.name}>{name}</div>
                        <div className={styles.path}>{path}</div>
                        <div className={`${styles.muted} ${styles.verify}`}>{verify}</div>
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
                    cell: (webhook) => <StateLabel state={stateOfRequester(webhook)} />,
                  },
                  {
                    id: 'last',
                    header: 'Last message',
                    narrow: 'line',
                    cell: (webhook) => <LastMessage webhook={webhook} />,
                  },
                  ...(isOperator
                    ? [
                        {
                          id: 'actions',
                          header: 'Actions',
                          align: 'end' as const,
                          narrow: 'actions' as const,
                          cell: ({ name, pausedAt }: Webhook) => (
                            <Actions isPaused={pausedAt !== null} open={(kind) => setDialog({ kind, name })} />
                          ),
                        },
                      ]
                    : []),
                ]}
              />
              <LoadMore list={list} noun="webhook" />
            </div>
          )
        }
      </QueryView>
      <Suspense>{dialog === null ? null : <OpenedDialog dialog={dialog} close={() => setDialog(null)} />}</Suspense>
    </Page>
  );
}

function OpenedDialog({ dialog, close }: { readonly dialog: OpenDialog; readonly close: () => void }) {
  switch (dialog.kind) {
    case 'create':
      return <CreateWebhookDialog close={close} />;
    case 'rotate':
      return <RotateSecretDialog name={dialog.name} close={close} />;
    case 'test':
      return <TestWebhookDialog name={dialog.name} close={close} />;
    default:
      return <ChangeWebhookDialog change={dialog.kind} name={dialog.name} close={close} />;
  }
}

function Actions({ isPaused, open }: { readonly isPaused: boolean; readonly open: (action: Action) => void }) {
  const pause = isPaused ? 'resume' : 'pause';
  return (
    <div className={styles.actions}>
      <Button size="small" onClick={() => open('test')}>
        Test…
      </Button>
      <Button size="small" onClick={() => open('rotate')}>
        Rotate…
      </Button>
      <Button size="small" onClick={() => open(pause)}>
        {isPaused ? 'Resume…' : 'Pause…'}
      </Button>
      <Button size="small" variant="danger" onClick={() => open('delete')}>
        Delete…
      </Button>
    </div>
  );
}

function LastMessage({ webhook: { last, refused, refusedInARow, formerSecretUntil } }: { readonly webhook: Webhook }) {
  return (
    <div>
      {last === null ? (
        <span className={styles.muted}>No message yet</span>
      ) : (
        <>
          <span className={styles.narrowOnly}>Last message </span>
          <Link to="/runs/$runKey" params={{ runKey: last.runKey }}>
            <Time value={last.receivedAt} inRow align="end" />
          </Link>
        </>
      )}
      {refused === null || refusedInARow === 0 ? null : (
        <div className={styles.muted}>
          {counted(refusedInARow, 'message')} refused, last <Time value={refused.at} inRow align="end" />:{' '}
          {refused.reason}
        </div>
      )}
      {formerSecretUntil === null ? null : (
        <div className={styles.muted}>
          The former secret is accepted until <Time value={formerSecretUntil} inRow align="end" />
        </div>
      )}
    </div>
  );
}
