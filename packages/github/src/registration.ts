import * as z from 'zod/mini';
import { createTokens } from './tokens.ts';
import { createTransport, type RequestLimits, type Transport } from './transport.ts';
import type { GitHubAppOptions } from './types.ts';

const Account = z.object({ login: z.string(), type: z.string() });
const Permissions = z.record(z.string(), z.string());

const App = z.object({
  id: z.int(),
  slug: z.string(),
  html_url: z.string(),
  owner: z.partial(Account),
  permissions: Permissions,
  events: z.array(z.string()),
});
/** The App as GitHub has it (`GET /app`). The owner's `login` is absent where it is an enterprise. */
export type RegisteredApp = z.infer<typeof App>;

const Hook = z.object({
  url: z.optional(z.string()),
  content_type: z.optional(z.string()),
  insecure_ssl: z.optional(z.union([z.string(), z.number()])),
  /** Masked; absent where the App has none. */
  secret: z.optional(z.string()),
});
/** The App's webhook (`GET /app/hook/config`). */
export type RegisteredHook = z.infer<typeof Hook>;

const Installation = z.object({
  id: z.int(),
  account: z.nullable(z.partial(Account)),
  html_url: z.string(),
  permissions: Permissions,
  suspended_at: z.nullish(z.string()),
});
/** An installation, with the permissions that the account's owner has accepted (`GET /app/installations`). */
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

/** What GitHub knows of the App: for setting it up and looking after it. Every failure is a GitHubError. */
export interface Registration {
  app(): Promise<RegisteredApp>;
  hook(): Promise<RegisteredHook>;
  /** From then on GitHub signs with this secret. */
  setHookSecret(secret: string): Promise<void>;
  installations(): Promise<RegisteredInstallation[]>;
  /** The first 100 repositories that an installation covers. */
  repositories(installationId: number): Promise<InstalledRepository[]>;
}

const perPage = 100;
const context = { installationId: null, effect: 'repeatable' } as const;

/** @throws Error where the private key is no PEM key. */
export function createRegistration(options: GitHubAppOptions): Registration {
  const transport = createTransport(options);
  const tokens = createTokens(transport);
  const { app, installation } = transport;
  const dataOf = async <Data>(schema: z.ZodMiniType<Data>, ask: Parameters<Transport['send']>[2]): Promise<Data> =>
    (await transport.send(context, schema, ask)).data;

  return {
    app: () => dataOf(App, (request) => app.request('GET /app', { request })),
    hook: () => dataOf(Hook, (request) => app.request('GET /app/hook/config', { request })),
    setHookSecret: async (secret) => {
      await dataOf(Hook, (request) => app.request('PATCH /app/hook/config', { secret, request }));
    },
    installations: async () => {
      const found: RegisteredInstallation[] = [];
      for (let page = 1; found.length === (page - 1) * perPage; page += 1) {
        const ask = (request: RequestLimits) =>
          app.request('GET /app/installations', { per_page: perPage, page, request });
        found.push(...(await dataOf(z.array(Installation), ask)));
      }
      return found;
    },
    repositories: (installationId) =>
      tokens.use({ installationId }, async (authorization) => {
        const ask = (request: RequestLimits) =>
          installation.request('GET /installation/repositories', {
            per_page: perPage,
            headers: { authorization },
            request,
          });
        return (await dataOf(z.object({ repositories: z.array(Repository) }), ask)).repositories;
      }),
  };
}
