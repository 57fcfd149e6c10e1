import * as z from 'zod/mini';
import { createInstallationTokens } from './installation-tokens.ts';
import { createTransport, type OctokitRequestOptions, type Transport } from '../transport/transport.ts';
import type { GitHubAppOptions } from '../transport/options.ts';

const Account = z.object({ login: z.string(), type: z.string() });
const Permissions = z.record(z.string(), z.string());

const App = z.object({
  id: z.int(),
  slug: z.string(),
  /** With it people sign in. */
  client_id: z.optional(z.string()),
  html_url: z.string(),
  owner: z.partial(Account),
  permissions: Permissions,
  events: z.array(z.string()),
});
/** The App as registered at GitHub (`GET /app`). The owner has no `login` when it is an enterprise. */
export type RegisteredApp = z.infer<typeof App>;

const Hook = z.object({
  url: z.optional(z.string()),
  content_type: z.optional(z.string()),
  insecure_ssl: z.optional(z.union([z.string(), z.number()])),
  /** Masked; absent when the App has no secret. */
  secret: z.optional(z.string()),
});
/** The App's webhook (`GET /app/hook/config`). */
export type RegisteredWebhook = z.infer<typeof Hook>;

const Installation = z.object({
  id: z.int(),
  account: z.nullable(z.partial(Account)),
  html_url: z.string(),
  permissions: Permissions,
  suspended_at: z.nullish(z.string()),
  /** `selected`: the owner chose the repositories. */
  repository_selection: z.optional(z.string()),
});
/** An installation with the permissions that were granted to it (`GET /app/installations`). */
export type RegisteredInstallation = z.infer<typeof Installation>;

const Repository = z.object({
  id: z.int(),
  name: z.string(),
  html_url: z.string(),
  default_branch: z.string(),
  archived: z.boolean(),
  owner: Account,
});
export type InstalledRepository = z.infer<typeof Repository>;

/** The App's registration at GitHub, for setting up and checking the App. Every failure is a GitHubError. */
export interface AppRegistration {
  app(): Promise<RegisteredApp>;
  hook(): Promise<RegisteredWebhook>;
  /** Replaces the webhook secret: GitHub signs the following deliveries with it. */
  setWebhookSecret(secret: string): Promise<void>;
  installations(): Promise<RegisteredInstallation[]>;
  /** Returns the first 100 repositories that an installation covers. */
  repositories(installationId: number): Promise<InstalledRepository[]>;
}

const perPage = 100;
const context = { installationId: null, effect: 'repeatable' } as const;

/** @throws Error when the private key is not a valid PEM key. */
export function createAppRegistration(options: GitHubAppOptions): AppRegistration {
  const transport = createTransport(options);
  const tokens = createInstallationTokens(transport);
  const { app, installation } = transport;
  const dataOf = async <Data>(schema: z.ZodMiniType<Data>, send: Parameters<Transport['send']>[2]): Promise<Data> =>
    (await transport.send(context, schema, send)).data;

  return {
    app: () => dataOf(App, (request) => app.request('GET /app', { request })),
    hook: () => dataOf(Hook, (request) => app.request('GET /app/hook/config', { request })),
    setWebhookSecret: async (secret) => {
      await dataOf(Hook, (request) => app.request('PATCH /app/hook/config', { secret, request }));
    },
    installations: async () => {
      const installations: RegisteredInstallation[] = [];
      for (let page = 1; installations.length === (page - 1) * perPage; page += 1) {
        const send = (request: OctokitRequestOptions) =>
          app.request('GET /app/installations', { per_page: perPage, page, request });
        installations.push(...(await dataOf(z.array(Installation), send)));
      }
      return installations;
    },
    repositories: (installationId) =>
      tokens.use({ installationId }, async (authorization) => {
        const send = (request: OctokitRequestOptions) =>
          installation.request('GET /installation/repositories', {
            per_page: perPage,
            headers: { authorization },
            request,
          });
        return (await dataOf(z.object({ repositories: z.array(Repository) }), send)).repositories;
      }),
  };
}
