import { KeyIcon } from '@primer/octicons-react';
import { Button, Label } from '@primer/react';
import { getRouteApi } from '@tanstack/react-router';
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
import { isUsable, sortKeys, stateOfKey, titleOfRole } from '../../words/api-keys.ts';
import styles from './keys.module.css';

type Key = Schemas['ApiKey'];

const CreateKeyDialog = lazy(async () => ({ default: (await import('./create-key-dialog.tsx')).CreateKeyDialog }));
const RevokeKeyDialog = lazy(async () => ({ default: (await import('./revoke-key-dialog.tsx')).RevokeKeyDialog }));

const routeApi = getRouteApi('/keys');

type OpenDialog = { readonly kind: 'create' } | { readonly kind: 'revoke' | 'rotate'; readonly key: Key };

/** The API keys: scope, expiry, last use; operators create, rotate and revoke them. */
export function KeysPage() {
  const { key: marked } = routeApi.useSearch();
  const isOperator = useIsOperator();
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [nowMs] = useState(() => Date.now());
  const list = useList<Key>(['keys'], async (cursor, signal) => {
    const query = definedOnly({ cursor, limit: pageSize });
    const { keys, cursor: next } = await read(api.GET('/api/keys', { params: { query }, signal }));
    return { items: keys, cursor: next };
  });
  const create = isOperator ? (
    <Button variant="primary" leadingVisual={KeyIcon} onClick={() => setDialog({ kind: 'create' })}>
      New API key
    </Button>
  ) : null;
  return (
    <Page
      title="API keys"
      lead="For jobs and programs. A key with the role Dispatch starts workflows through POST /dispatch."
      actions={list.items.length === 0 ? null : create}
    >
      <QueryView query={list.query}>
        {() =>
          list.items.length === 0 ? (
            <Blank icon={KeyIcon} title="There are no API keys" next={create}>
              A key lets a job or a program use the API without a person who signs in.
            </Blank>
          ) : (
            <div>
              <DataList
                label="API keys"
                rows={sortKeys(list.items, nowMs)}
                keyOf={({ keyId }) => keyId}
                columns={[
                  {
                    id: 'name',
                    header: 'Key',
                    narrow: 'primary',
                    cell: ({ name, keyId }) => (
                      <div>
                        <div className={styles.name}>
                          {name} {keyId === marked ? <Label variant="accent">from the audit log</Label> : null}
                        </div>
                        <span className={styles.id}>{keyId}</span>
                      </div>
                    ),
                  },
                  {
                    id: 'scope',
                    header: 'Scope',
                    grow: true,
                    cell: ({ role, targets }) => (
                      <div className={styles.scope}>
                        <Label>{titleOfRole(role)}</Label>
                        {targets.length === 0 ? null : (
                          <ul className={styles.targets} aria-label="Targets">
                            {targets.map((target) => (
                              <li key={target}>{target}</li>
                            ))}
                          </ul>
                        )}
                      </div>
                    ),
                  },
                  {
                    id: 'state',
                    header: 'State',
                    narrow: 'state',
                    cell: (key) => <StateLabel state={stateOfKey(key, nowMs)} />,
                  },
                  {
                    id: 'expires',
                    header: 'Expires',
                    cell: ({ expiresAt, revokedAt }) => <Expiry expiresAt={expiresAt} revokedAt={revokedAt} />,
                  },
                  {
                    id: 'used',
                    header: 'Last used',
                    cell: ({ lastUsedAt }) =>
                      lastUsedAt === null ? (
                        <span className={styles.never}>Never used</span>
                      ) : (
                        <>
                          <span className={styles.narrowOnly}>Used </span>
                          <Time value={lastUsedAt} inRow align="end" />
                        </>
                      ),
                  },
                  {
                    id: 'created',
                    header: 'Created',
                    narrow: 'hidden',
                    cell: ({ createdAt, createdBy }) => (
                      <div>
                        <Time value={createdAt} inRow align="end" />
                        <div className={styles.by}>by {createdBy}</div>
                      </div>
                    ),
                  },
                  ...(isOperator
                    ? [
                        {
                          id: 'actions',
                          header: 'Actions',
                          align: 'end' as const,
                          narrow: 'actions' as const,
                          cell: (key: Key) =>
                            isUsable(key, nowMs) ? (
                              <div className={styles.actions}>
                                <Button size="small" onClick={() => setDialog({ kind: 'rotate', key })}>
                                  Rotate…
                                </Button>
                                <Button
                                  size="small"
                                  variant="danger"
                                  onClick={() => setDialog({ kind: 'revoke', key })}
                                >
                                  Revoke…
                                </Button>
                              </div>
                            ) : null,
                        },
                      ]
                    : []),
                ]}
              />
              <LoadMore list={list} noun="key" />
            </div>
          )
        }
      </QueryView>
      <Suspense>
        {dialog?.kind === 'create' ? <CreateKeyDialog close={() => setDialog(null)} /> : null}
        {dialog?.kind === 'rotate' ? <CreateKeyDialog predecessor={dialog.key} close={() => setDialog(null)} /> : null}
        {dialog?.kind === 'revoke' ? <RevokeKeyDialog apiKey={dialog.key} close={() => setDialog(null)} /> : null}
      </Suspense>
    </Page>
  );
}

function Expiry({ expiresAt, revokedAt }: Pick<Key, 'expiresAt' | 'revokedAt'>) {
  if (revokedAt !== null) {
    return (
      <>
        Revoked <Time value={revokedAt} inRow align="end" />
      </>
    );
  }
  if (expiresAt === null) return 'Never';
  return (
    <>
      <span className={styles.narrowOnly}>Expires </span>
      <Time value={expiresAt} inRow align="end" />
    </>
  );
}
