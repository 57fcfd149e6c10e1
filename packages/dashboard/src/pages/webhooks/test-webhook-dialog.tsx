import { Banner, Dialog } from '@primer/react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read, type Schemas } from '../../api/client.ts';
import { CreateDialog, type CreateField, reasonField } from '../../components/create-dialog.tsx';
import { parseMessage } from '../../words/webhooks.ts';
import styles from './webhooks.module.css';

type Result = Schemas['WebhookTestResponse'];
type FieldName = 'message' | 'run' | 'reason';

const fields: readonly CreateField<FieldName>[] = [
  {
    name: 'message',
    label: 'Message',
    placeholder: '{ "status": "firing" }',
    caption: 'A message of the sender, as JSON. Its signature is not needed here.',
    isRequired: true,
    rows: 8,
  },
  {
    name: 'run',
    label: 'Then',
    options: [
      ['no', 'Only show what it gives'],
      ['yes', 'Request the dispatch, too'],
    ],
  },
  reasonField('A first try'),
];

function problemsOf({ message, reason }: Readonly<Record<FieldName, string>>): Partial<Record<FieldName, string>> {
  return {
    ...(parseMessage(message) === null ? { message: 'Write a JSON object or array.' } : {}),
    ...(reason.trim() === '' ? { reason: 'Write a reason: it is recorded in the audit log.' } : {}),
  };
}

/** Asks for a message, and shows what it gives. */
export function TestWebhookDialog({ name, close }: { readonly name: string; readonly close: () => void }) {
  const [result, setResult] = useState<Result | null>(null);
  if (result !== null) return <TestResult result={result} close={close} />;
  return (
    <CreateDialog
      title={`Test ${name}`}
      confirm="Test webhook"
      failure="The webhook was not tested"
      initial={{ message: '', run: 'no', reason: '' }}
      fieldsOf={() => fields}
      problemsOf={problemsOf}
      send={({ message, run, reason }, idempotencyKey) => {
        const body = {
          message: (parseMessage(message) ?? {}) as Record<string, unknown>,
          run: run === 'yes',
          reason: reason.trim(),
        };
        const params = { path: { name } };
        const headers = { 'idempotency-key': idempotencyKey };
        return read(api.POST('/api/webhooks/{name}/test', { params, body, headers }));
      }}
      done={setResult}
      close={close}
    />
  );
}

function TestResult({
  result: { name, inputs, detail, runKey },
  close,
}: {
  readonly result: Result;
  readonly close: () => void;
}) {
  return (
    <Dialog title={`Test ${name}`} width="large" onClose={close} footerButtons={[{ content: 'Done', onClick: close }]}>
      {inputs === null ? (
        <Banner variant="warning" title="The message starts nothing" description={detail ?? ''} />
      ) : (
        <>
          <p>
            {Object.keys(inputs).length === 0
              ? 'The message matches. The workflow gets no inputs.'
              : 'The workflow gets:'}
          </p>
          <ul className={styles.values}>
            {Object.entries(inputs).map(([input, value]) => (
              <li key={input}>
                {input}={value}
              </li>
            ))}
          </ul>
          {runKey === null ? null : (
            <p>
              The dispatch was requested:{' '}
              <Link to="/runs/$runKey" params={{ runKey }}>
                see its run
              </Link>
              .
            </p>
          )}
        </>
      )}
    </Dialog>
  );
}
