import { type AppPermissions, foldName } from '@dispatcher/contracts';
import { LRUCache } from 'lru-cache';
import * as z from 'zod/mini';
import { waitForShared } from './cancellation.ts';
import { GitHubPermanentError } from './errors.ts';
import type { Transport } from './transport.ts';
import type { CallOptions } from './types.ts';

const keepMs = 10 * 60_000;
/** Shorter, so that an owner who has just installed the App is not told otherwise for long. */
const keepNoneMs = 60_000;
const mostOwners = 1000;

const App = z.object({ slug: z.string() });
const Installation = z.object({ id: z.int() });
const Granted = z.object({ permissions: z.record(z.string(), z.string()) });

export interface Installations {
  slug(options?: CallOptions): Promise<string>;
  installationOf(owner: string, options?: CallOptions): Promise<number | null>;
  permissionsOf(installationId: number, options?: CallOptions): Promise<AppPermissions>;
}

export function createInstallations(transport: Transport): Installations {
  const context = { installationId: null, effect: 'repeatable' } as const;
  const options = { perf: { now: transport.now }, ttlResolution: 0 };

  const slugs = new LRUCache<'slug', string>({
    max: 1,
    fetchMethod: async () => {
      const { data } = await transport.send(context, App, (request) => transport.app.request('GET /app', { request }));
      return data.slug;
    },
  });

  // The cache cannot keep a bare null.
  const installations = new LRUCache<string, { id: number | null }>({
    ...options,
    max: mostOwners,
    fetchMethod: async (username, _stale, { options }) => {
      const id = await transport
        .send(context, Installation, (request) =>
          transport.app.request('GET /users/{username}/installation', { username, request }),
        )
        .then(({ data }) => data.id)
        .catch(notFoundAsNull);
      options.ttl = id === null ? keepNoneMs : keepMs;
      return { id };
    },
  });

  const permissions = new LRUCache<number, AppPermissions>({
    ...options,
    max: mostOwners,
    // An owner who has just granted what was missing is not told otherwise for long.
    ttl: keepNoneMs,
    fetchMethod: async (installationId) => {
      const { data } = await transport.send(context, Granted, (request) =>
        transport.app.request('GET /app/installations/{installation_id}', { installation_id: installationId, request }),
      );
      return data.permissions;
    },
  });

  return {
    permissionsOf: (installationId, options) =>
      waitForShared(() => permissions.forceFetch(installationId), options?.signal),
    slug: (options) => waitForShared(() => slugs.forceFetch('slug'), options?.signal),
    installationOf: async (owner, options) =>
      (await waitForShared(() => installations.forceFetch(foldName(owner)), options?.signal)).id,
  };
}

function notFoundAsNull(error: unknown): null {
  if (error instanceof GitHubPermanentError && error.status === 404) return null;
  throw error;
}
