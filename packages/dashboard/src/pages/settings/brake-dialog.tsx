import { useQueryClient } from '@tanstack/react-query';
import { api, read } from '../../api/client.ts';
import { ReasonDialog } from '../../components/reason-dialog.tsx';

/** Asks for a reason, and pauses or resumes all dispatches. */
export function BrakeDialog({ isPaused, close }: { readonly isPaused: boolean; readonly close: () => void }) {
  const queries = useQueryClient();
  return (
    <ReasonDialog
      title={isPaused ? 'Resume dispatches' : 'Pause all dispatches'}
      confirm={isPaused ? 'Resume dispatches' : 'Pause all dispatches'}
      isDangerous={!isPaused}
      placeholder={isPaused ? 'The incident is over' : 'INC-2041: wrong version was released'}
      send={(reason, key) => {
        const options = { body: { reason }, headers: { 'idempotency-key': key } };
        return isPaused ? read(api.POST('/api/resume', options)) : read(api.POST('/api/pause', options));
      }}
      done={() => void queries.invalidateQueries({ queryKey: ['pause'] })}
      close={close}
    >
      {isPaused ? (
        <p>Decisions that waited start within 30 seconds, those older than 4 hours within 15 minutes.</p>
      ) : (
        <p>
          Nothing starts any more, in any repository. Decisions wait. Requests that were sent before may still start a
          workflow for some seconds.
        </p>
      )}
    </ReasonDialog>
  );
}
