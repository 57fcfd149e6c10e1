import { useQueryClient } from '@tanstack/react-query';
import { api, read } from '../../api/client.ts';
import { ReasonDialog } from '../../components/reason-dialog.tsx';

interface ChangeBulkReplayProps {
  readonly change: 'resume' | 'stop';
  readonly bulkReplayId: string;
  readonly close: () => void;
}

const words = {
  stop: {
    title: 'Stop the bulk replay',
    confirm: 'Stop bulk replay',
    placeholder: 'GitHub is down again',
    text: 'No further replay is requested. What was requested is carried out.',
  },
  resume: {
    title: 'Resume the bulk replay',
    confirm: 'Resume bulk replay',
    placeholder: 'GitHub is back',
    text: 'It continues with the first run that was not requested.',
  },
} as const;

/** Asks for a reason, and stops or resumes a bulk replay. */
export function ChangeBulkReplayDialog({ change, bulkReplayId, close }: ChangeBulkReplayProps) {
  const queries = useQueryClient();
  const { title, confirm, placeholder, text } = words[change];
  return (
    <ReasonDialog
      title={title}
      confirm={confirm}
      isDangerous={change === 'stop'}
      placeholder={placeholder}
      send={(reason, key) => {
        const request = { params: { path: { bulkReplayId } }, body: { reason }, headers: { 'idempotency-key': key } };
        return read(
          change === 'stop'
            ? api.POST('/api/bulk-replays/{bulkReplayId}/stop', request)
            : api.POST('/api/bulk-replays/{bulkReplayId}/resume', request),
        );
      }}
      done={() => void queries.invalidateQueries({ queryKey: ['bulk-replays'] })}
      close={close}
    >
      <p>{text}</p>
    </ReasonDialog>
  );
}
