import { useQuery } from '@tanstack/react-query';
import { api, read, type Schemas } from './client.ts';
import { definedOnly } from './parameters.ts';
import { readPages } from './read-pages.ts';
import { pageSize } from './use-list.ts';

type SweepProgress = Schemas['SweepProgress'];

/** A page shows no more installations in time. */
const maxSweeps = 500;

/** What the last sweep read of each installation. The API refuses it to those who may see some repositories only. */
export const useSweeps = (isWanted = true) =>
  useQuery({
    queryKey: ['sweeps'],
    enabled: isWanted,
    queryFn: async ({ signal }) => ({
      sweeps: await readPages<SweepProgress>(maxSweeps, async (cursor) => {
        const query = definedOnly({ cursor, limit: pageSize });
        const { sweeps: items, cursor: next } = await read(api.GET('/api/sweeps', { params: { query }, signal }));
        return { items, cursor: next };
      }),
    }),
  });
