import { useMutation, useQuery } from '@tanstack/react-query';
import { api, read } from '../../api/client.ts';
import { type Preview, previewOfAction } from '../../words/replay-preview.ts';

export interface DryRun {
  readonly start: () => void;
  readonly isWaiting: boolean;
  readonly preview: Preview | null;
  readonly error: Error | null;
}

const pollMs = 1_000;

/** Asks what a re-evaluation would decide now. It is recorded as an action, which is read until it has the result. */
export function useDryRun(runKey: string, reason: string): DryRun {
  const request = useMutation({
    mutationFn: () => {
      const body = { mode: 're-evaluate' as const, dryRun: true, reason: reason.trim() || 'Dry run before a replay' };
      return read(api.POST('/api/runs/{runKey}/replay', { params: { path: { runKey } }, body }));
    },
  });
  const actionId = request.data?.actionId;
  const result = useQuery({
    queryKey: ['dry-run', runKey, actionId],
    enabled: actionId !== undefined,
    queryFn: async ({ signal }) => {
      const { revisions } = await read(api.GET('/api/runs/{runKey}', { params: { path: { runKey } }, signal }));
      return previewOfAction(revisions, actionId ?? '');
    },
    refetchInterval: (query) => (query.state.data === null ? pollMs : false),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const preview = result.data ?? null;
  const error = request.error ?? result.error;
  return {
    start: () => request.mutate(),
    isWaiting: request.isPending || (actionId !== undefined && preview === null && error === null),
    preview,
    error,
  };
}
