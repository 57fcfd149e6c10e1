import { useQueryClient } from '@tanstack/react-query';
import { api, read, type Schemas } from '../../api/client.ts';
import { ReasonDialog } from '../../components/reason-dialog.tsx';
import { Time } from '../../components/time.tsx';

/** Asks for a reason and revokes a key. */
export function RevokeKeyDialog({ apiKey, close }: { readonly apiKey: Schemas['ApiKey']; readonly close: () => void }) {
  const queries = useQueryClient();
  const { keyId, name, lastUsedAt } = apiKey;
  return (
    <ReasonDialog
      title={`Revoke ${name}`}
      confirm="Revoke key"
      isDangerous
      placeholder="Replaced by a new key"
      send={(reason, key) =>
        read(
          api.POST('/api/keys/{keyId}/revoke', {
            params: { path: { keyId } },
            body: { reason },
            headers: { 'idempotency-key': key },
          }),
        )
      }
      done={() => void queries.invalidateQueries({ queryKey: ['keys'] })}
      close={close}
    >
      <p>
        The key <code>{keyId}</code> can no longer start or change anything, and cannot be activated again.{' '}
        {lastUsedAt === null ? (
          'It was never used.'
        ) : (
          <>
            It was last used <Time value={lastUsedAt} />.
          </>
        )}
      </p>
    </ReasonDialog>
  );
}
