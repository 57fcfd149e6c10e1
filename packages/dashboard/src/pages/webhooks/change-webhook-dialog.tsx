import { useQueryClient } from '@tanstack/react-query';
import { api, read } from '../../api/client.ts';
import { ReasonDialog } from '../../components/reason-dialog.tsx';

export type WebhookChange = 'pause' | 'resume' | 'delete';

interface ChangeWebhookProps {
  readonly change: WebhookChange;
  readonly name: string;
  readonly close: () => void;
}

const words = {
  pause: {
    title: 'Pause',
    confirm: 'Pause webhook',
    placeholder: 'The target is being moved',
    text: 'It accepts and ignores messages until it is resumed. Its requests that wait start nothing any more.',
  },
  resume: {
    title: 'Resume',
    confirm: 'Resume webhook',
    placeholder: 'The target is ready',
    text: 'It continues with the next message. Messages during the pause are not made up for.',
  },
  delete: {
    title: 'Delete',
    confirm: 'Delete webhook',
    placeholder: 'No longer needed',
    text: 'It is gone with its secret, and its requests that wait start nothing any more. Facts and runs stay.',
  },
} as const;

/** Asks for a reason, and pauses, resumes or deletes a webhook. */
export function ChangeWebhookDialog({ change, name, close }: ChangeWebhookProps) {
  const queries = useQueryClient();
  const { title, confirm, placeholder, text } = words[change];
  return (
    <ReasonDialog
      title={`${title} ${name}`}
      confirm={confirm}
      isDangerous={change === 'delete'}
      placeholder={placeholder}
      send={(reason, key) => send(change, name, { reason }, key)}
      done={() => void queries.invalidateQueries({ queryKey: ['webhooks'] })}
      close={close}
    >
      <p>{text}</p>
    </ReasonDialog>
  );
}

function send(change: WebhookChange, name: string, body: { readonly reason: string }, key: string): Promise<unknown> {
  const request = { params: { path: { name } }, body, headers: { 'idempotency-key': key } };
  switch (change) {
    case 'pause':
      return read(api.POST('/api/webhooks/{name}/pause', request));
    case 'resume':
      return read(api.POST('/api/webhooks/{name}/resume', request));
    default:
      return read(api.POST('/api/webhooks/{name}/delete', request));
  }
}
