import { type AppPermissions, foldName } from '@dispatcher/contracts';
import { LRUCache } from 'lru-cache';
import * as z from 'zod/mini';
import { waitForShared } from '../transport/cancellation.ts';
import { GitHubPermanentError } from '../transport/errors.ts';
import type { CallOptions } from '../transport/options.ts';
import type { Transport } from '../transport/transport.ts';

const installedTtlMs = 10 * 60_000;
/** Shorter, so that an App that was just installed is soon found. */
const notInstalledTtlMs = 60_000;
/** Short, so that a permission that was just granted soon counts. */
const permissionsTtlMs = 60_000;
const maxEntries = 1000;

const App = z.object({ slug: z.string() });
const Installation = z.object({ id: z.int() });
const InstallationPermissions = z.object({ permissions: z.record(z.string(), z.string()) });

export interface Installations {
  slug(options?: CallOptions): Promise<string>;
  installationOf(owner: string, options?: CallOptions): Promise<number | null>;
  permissionsOf(installationId: number, options?: CallOptions): Promise<AppPermissions>;
}

export function createInstallations(transport: Transport): Installations {
  const context = { installationId: null, effect: 'repeatable' } as const;
  const cacheOptions = { max: maxEntries, perf: { now: transport.now }, ttlResolution: 0 };

  const slugs = new LRUCache<'slug', string>({
    max: 1,
    fetchMethod: async () => {
      const { data } = await transport.send(context, App, (request) => transport.app.request('GET /app', { request }));
      return data.slug;
    },
  });

  // The id is wrapped because the cache cannot hold null.
  const installations = new LRUCache<string, { id: number | null }>({
    ...cacheOptions,
    fetchMethod: async (username, _stale, { options }) => {
      const id = await transport
        .send(context, Installation, (request) =>
          transport.app.request('GET /users/{username}/installation', { username, request }),
        )
        .then(({ data }) => data.id)
        .catch(notFoundAsNull);
      options.ttl = id === null ? notInstalledTtlMs : installedTtlMs;
      return { id };
    },
  });

  const permissions = new LRUCache<number, AppPermissions>({
    ...cacheOptions,
    ttl: permissionsTtlMs,
    fetchMethod: async (installationId) => {
      const { data } = await transport.send(context, InstallationPermissions, (request) =>
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
