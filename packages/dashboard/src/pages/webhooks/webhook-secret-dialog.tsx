import type { Schemas } from '../../api/client.ts';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { addressOf } from './address.ts';

interface WebhookSecretProps {
  readonly response: Schemas['WebhookSecretResponse'];
  readonly close: () => void;
}

/** Shows the secret of a new webhook, or of one whose secret was rotated, and where it goes. */
export function WebhookSecretDialog({ response: { webhook, secret, notice }, close }: WebhookSecretProps) {
  const address = addressOf(webhook);
  return (
    <SecretDialog
      title={`Webhook ${webhook.name}`}
      noun="secret"
      label="Secret"
      secret={secret ?? ''}
      caption={
        webhook.verify === 'token' ? (
          <>
            Enter <code>{address}/SECRET</code> at the sender, or let it send the header{' '}
            <code>Authorization: Bearer SECRET</code>.
          </>
        ) : (
          <>
            Enter it at the sender, with the address <code>{address}</code>.
          </>
        )
      }
      explanation="It is shown once, and cannot be read back."
      notice={notice}
      close={close}
    >
      <p>
        The target must allow it: add <code>source: {`{ webhook: ${webhook.name} }`}</code> to an inbound rule of{' '}
        {webhook.target.split(':')[0]}.
      </p>
    </SecretDialog>
  );
}
