import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read, type Schemas } from '../../api/client.ts';
import { CreateDialog, type CreateField, reasonField } from '../../components/create-dialog.tsx';
import { WebhookSecretDialog } from './webhook-secret-dialog.tsx';

const fields: readonly CreateField<'keepHours' | 'secret' | 'reason'>[] = [
  {
    name: 'keepHours',
    label: 'The former secret is accepted',
    caption: 'Long enough to change the sender. End it at once if it leaked.',
    options: [
      ['0', 'No longer'],
      ['1', 'For an hour'],
      ['24', 'For a day'],
      ['168', 'For a week'],
    ],
  },
  {
    name: 'secret',
    label: 'Secret of the sender',
    caption: 'Only if the sender generates it. Otherwise Dispatcher does, and shows it once.',
  },
  reasonField('Once a year'),
];

/** Asks for how long the former secret is accepted, and shows the new one once. */
export function RotateSecretDialog({ name, close }: { readonly name: string; readonly close: () => void }) {
  const queries = useQueryClient();
  const [rotated, setRotated] = useState<Schemas['WebhookSecretResponse'] | null>(null);
  if (rotated !== null) return <WebhookSecretDialog response={rotated} close={close} />;
  return (
    <CreateDialog
      title={`Rotate the secret of ${name}`}
      confirm="Rotate secret"
      failure="The secret was not rotated"
      initial={{ keepHours: '24', secret: '', reason: '' }}
      fieldsOf={() => fields}
      problemsOf={({ reason }): { reason?: string } =>
        reason.trim() === '' ? { reason: 'Write a reason: it is recorded in the audit log.' } : {}
      }
      send={({ keepHours, secret, reason }, idempotencyKey) => {
        const given = secret.trim() === '' ? {} : { secret: secret.trim() };
        const body = { keepHours: Number(keepHours), ...given, reason: reason.trim() };
        const params = { path: { name } };
        const headers = { 'idempotency-key': idempotencyKey };
        return read(api.POST('/api/webhooks/{name}/rotate', { params, body, headers }));
      }}
      done={(response) => {
        void queries.invalidateQueries({ queryKey: ['webhooks'] });
        if (response.secret === null) close();
        else setRotated(response);
      }}
      close={close}
    />
  );
}
