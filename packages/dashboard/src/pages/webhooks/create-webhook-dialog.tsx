import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read, type Schemas } from '../../api/client.ts';
import { CreateDialog, type CreateField, reasonField } from '../../components/create-dialog.tsx';
import { refField, targetField } from '../../components/requested-workflow-fields.ts';
import { parseInputs, parsePairs } from '../../words/requested-workflow.ts';
import { captionOfScheme, problemsOfWebhook, schemes, verificationOf, type WebhookForm } from '../../words/webhooks.ts';
import { WebhookSecretDialog } from './webhook-secret-dialog.tsx';

const empty: WebhookForm = {
  name: '',
  scheme: 'standard-webhooks',
  header: '',
  target: '',
  ref: '',
  inputs: '',
  when: '',
  secret: '',
  reason: '',
};

const before: readonly CreateField<keyof WebhookForm>[] = [
  {
    name: 'name',
    label: 'Name',
    placeholder: 'grafana',
    caption: 'The last part of the address. Inbound rules name it: source: { webhook: grafana }',
    isRequired: true,
  },
];

const header: CreateField<keyof WebhookForm> = {
  name: 'header',
  label: 'Header',
  placeholder: 'X-PagerDuty-Signature,prefix=v1=',
  caption: 'The header with the signature; options follow: encoding=base64, prefix=TEXT, timestamp=HEADER.',
  isRequired: true,
};

const after: readonly CreateField<keyof WebhookForm>[] = [
  targetField,
  refField,
  {
    name: 'inputs',
    label: 'Inputs',
    placeholder: 'alert=/alerts/0/labels/alertname\nenvironment=staging',
    caption: 'One a line: name=value. A value that begins with / is a JSON pointer into the message.',
    rows: 3,
  },
  {
    name: 'when',
    label: 'Only if',
    placeholder: '/status=firing',
    caption: 'One a line: /pointer=value. Other messages start nothing.',
    rows: 2,
  },
  {
    name: 'secret',
    label: 'Secret of the sender',
    caption: 'Only if the sender generates it. Otherwise Dispatcher does, and shows it once.',
  },
  reasonField('Scale out on an alert'),
];

function fieldsOf({ scheme }: Readonly<Record<keyof WebhookForm, string>>): readonly CreateField<keyof WebhookForm>[] {
  const choice: CreateField<keyof WebhookForm> = {
    name: 'scheme',
    label: 'Verified by',
    caption: captionOfScheme(scheme),
    isRequired: true,
    options: schemes,
  };
  return [...before, choice, ...(scheme === 'hmac-sha256' ? [header] : []), ...after];
}

/** Asks how messages are verified and what they start, and shows the secret once. */
export function CreateWebhookDialog({ close }: { readonly close: () => void }) {
  const queries = useQueryClient();
  const [created, setCreated] = useState<Schemas['WebhookSecretResponse'] | null>(null);
  if (created !== null) return <WebhookSecretDialog response={created} close={close} />;
  return (
    <CreateDialog
      title="New webhook"
      confirm="Create webhook"
      failure="The webhook was not created"
      initial={empty}
      fieldsOf={fieldsOf}
      problemsOf={problemsOfWebhook}
      send={({ name, target, ref, inputs, when, secret, reason, ...verification }, idempotencyKey) => {
        const body = {
          name,
          verify: verificationOf(verification),
          target: target.trim(),
          ...(ref.trim() === '' ? {} : { ref: ref.trim() }),
          inputs: parseInputs(inputs),
          when: Object.fromEntries(parsePairs(when)),
          ...(secret.trim() === '' ? {} : { secret: secret.trim() }),
          reason: reason.trim(),
        };
        return read(api.POST('/api/webhooks', { body, headers: { 'idempotency-key': idempotencyKey } }));
      }}
      done={(response) => {
        void queries.invalidateQueries({ queryKey: ['webhooks'] });
        if (response.secret === null) close();
        else setCreated(response);
      }}
      close={close}
    />
  );
}
