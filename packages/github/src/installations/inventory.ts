import * as z from 'zod/mini';
import type { CallOptions } from '../transport/options.ts';
import type { Transport } from '../transport/transport.ts';
import type { InstallationTokens } from './installation-tokens.ts';

const perPage = 100;
const context = { installationId: null, effect: 'repeatable' } as const;

const Account = z.object({ login: z.string() });
const Installation = z.object({
  id: z.int(),
  account: z.nullable(z.union([Account, z.object({ slug: z.string() })])),
  html_url: z.string(),
  suspended_at: z.optional(z.nullable(z.string())),
});
const Grant = z.object({ permissions: z.record(z.string(), z.string()), events: z.array(z.string()) });
const Registration = z.extend(Grant, { id: z.int(), name: z.string(), html_url: z.string() });
const Access = z.extend(Grant, { repository_selection: z.optional(z.string()) });
const Repositories = z.object({
  total_count: z.int(),
  repositories: z.array(z.object({ id: z.int(), name: z.string(), owner: Account })),
});

/** Permissions, such as `checks: write`, and the events that are sent. */
export type Grant = z.infer<typeof Grant>;

/** The App, as its owner registered it. */
export interface AppIdentity {
  readonly id: number;
  readonly name: string;
  /** Its public page at GitHub. */
  readonly url: string;
}

/** What the owner of an installation granted, and what the App’s registration requests. */
export interface InstallationAccess {
  readonly app: AppIdentity;
  readonly granted: Grant;
  readonly requested: Grant;
  /** `selected`: the owner chose the repositories. */
  readonly selection: 'all' | 'selected';
}

export interface ListedInstallation {
  readonly installationId: number;
  readonly account: string | null;
  /** The page at GitHub on which the owner changes the installation. */
  readonly settingsUrl: string;
  /** A suspended installation can read nothing, and GitHub sends no webhooks of its repositories. */
  readonly suspendedAt: string | null;
}

/** What the App is installed on. Lists are read a page of a hundred with each call, numbered from 1. */
export interface Inventory {
  /** With suspended installations. */
  installations(
    page: number,
    options?: CallOptions,
  ): Promise<{ readonly installations: readonly ListedInstallation[]; readonly isLast: boolean }>;
  /** Sends two requests. */
  access(installationId: number, options?: CallOptions): Promise<InstallationAccess>;
  /** The repositories to which an installation has access, with their number. */
  repositories(
    installationId: number,
    page: number,
    options?: CallOptions,
  ): Promise<{
    readonly repositories: readonly { readonly id: number; readonly owner: string; readonly name: string }[];
    readonly total: number;
    readonly isLast: boolean;
  }>;
}

export function createInventory(transport: Transport, tokens: InstallationTokens): Inventory {
  return {
    installations: async (page, options) => {
      const { data } = await transport.send({ ...context, ...options }, z.array(Installation), (request) =>
        transport.app.request('GET /app/installations', { per_page: perPage, page, request }),
      );
      return {
        installations: data.map(({ id, account, html_url: settingsUrl, suspended_at: suspendedAt }) => ({
          installationId: id,
          account: account === null ? null : 'login' in account ? account.login : account.slug,
          settingsUrl,
          suspendedAt: suspendedAt == null ? null : new Date(suspendedAt).toISOString(),
        })),
        isLast: data.length < perPage,
      };
    },
    access: async (installationId, options) => {
      const call = { ...context, ...options };
      const [app, installation] = await Promise.all([
        transport.send(call, Registration, (request) => transport.app.request('GET /app', { request })),
        transport.send(call, Access, (request) =>
          transport.app.request('GET /app/installations/{installation_id}', {
            installation_id: installationId,
            request,
          }),
        ),
      ]);
      const { permissions, events, repository_selection: selection } = installation.data;
      const { id, name, html_url: url, ...requested } = app.data;
      return {
        app: { id, name, url },
        granted: { permissions, events },
        requested,
        selection: selection === 'selected' ? 'selected' : 'all',
      };
    },
    repositories: (installationId, page, options) =>
      tokens.use(
        { installationId },
        async (authorization) => {
          const { data } = await transport.send(
            { installationId, effect: 'repeatable', ...options },
            Repositories,
            (request) =>
              transport.installation.request('GET /installation/repositories', {
                headers: { authorization },
                per_page: perPage,
                page,
                request,
              }),
          );
          return {
            repositories: data.repositories.map(({ id, name, owner }) => ({ id, owner: owner.login, name })),
            total: data.total_count,
            isLast: data.repositories.length < perPage,
          };
        },
        options,
      ),
  };
}
