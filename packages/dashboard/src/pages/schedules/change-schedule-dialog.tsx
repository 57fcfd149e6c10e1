import { useQueryClient } from '@tanstack/react-query';
import { api, read, type Schemas } from '../../api/client.ts';
import { ReasonDialog } from '../../components/reason-dialog.tsx';

export type ScheduleChange = 'pause' | 'resume' | 'run' | 'delete';

interface ChangeScheduleProps {
  readonly change: ScheduleChange;
  readonly schedule: Schemas['Schedule'];
  readonly close: () => void;
}

const words = {
  pause: {
    title: 'Pause',
    confirm: 'Pause schedule',
    placeholder: 'The target is being moved',
    text: 'It starts nothing until it is resumed. Its requests that wait start nothing any more.',
  },
  resume: {
    title: 'Resume',
    confirm: 'Resume schedule',
    placeholder: 'The target is ready',
    text: 'It continues with its next time. Times during the pause are not made up for.',
  },
  run: {
    title: 'Run',
    confirm: 'Run now',
    placeholder: 'The last night failed',
    text: 'It requests its dispatch now. Its next time stays the same.',
  },
  delete: {
    title: 'Delete',
    confirm: 'Delete schedule',
    placeholder: 'No longer needed',
    text: 'It is gone, and its requests that wait start nothing any more. Facts and runs stay.',
  },
} as const;

/** Asks for a reason, and pauses, resumes, runs or deletes a schedule. */
export function ChangeScheduleDialog({ change, schedule: { name }, close }: ChangeScheduleProps) {
  const queries = useQueryClient();
  const { title, confirm, placeholder, text } = words[change];
  return (
    <ReasonDialog
      title={`${title} ${name}`}
      confirm={confirm}
      isDangerous={change === 'delete'}
      placeholder={placeholder}
      send={(reason, key) => send(change, name, { reason }, key)}
      done={() => void queries.invalidateQueries({ queryKey: ['schedules'] })}
      close={close}
    >
      <p>{text}</p>
    </ReasonDialog>
  );
}

function send(change: ScheduleChange, name: string, body: { readonly reason: string }, key: string): Promise<unknown> {
  const request = { params: { path: { name } }, body, headers: { 'idempotency-key': key } };
  switch (change) {
    case 'pause':
      return read(api.POST('/api/schedules/{name}/pause', request));
    case 'resume':
      return read(api.POST('/api/schedules/{name}/resume', request));
    case 'run':
      return read(api.POST('/api/schedules/{name}/run', request));
    default:
      return read(api.POST('/api/schedules/{name}/delete', request));
  }
}
