import type { FastifyInstance, FastifyReply } from 'fastify';
import { callerOf, type Core, linkNext, page, perPageOf, queryOf } from './core.ts';
import {
  credentialOf,
  installationOfAccount,
  mintToken,
  reaches,
  requireApp,
  type TokenRequest,
} from './credentials.ts';
import { badCredentials, invalid, notFound } from './errors.ts';
import { record, textOrNull } from './json.ts';
import { renderApp, renderFullRepository, renderInstallation, renderToken } from './render.ts';
import type { Delivery, Installation, Level } from './state.ts';
import { deliver, renderDelivery, renderFullDelivery } from './webhooks.ts';

/** The App itself: who it is, its installations, their tokens, its webhook and the log of deliveries. */
export function appRoutes(app: FastifyInstance, core: Core): void {
  installationRoutes(app, core);
  tokenRoutes(app, core);
  hookRoutes(app, core);
}

function installationRoutes(app: FastifyInstance, core: Core): void {
  const rendered = (installation: Installation) => renderInstallation(core.world, core.base, installation);

  app.get('/app', (request) => {
    requireApp(callerOf(core, request));
    return renderApp(core.world, core.base);
  });
  app.get('/app/installations', (request, reply) => {
    requireApp(callerOf(core, request));
    return page(core, request, reply, core.world.state.installations).map(rendered);
  });
  app.get<{ Params: { id: string } }>('/app/installations/:id', (request) => {
    requireApp(callerOf(core, request));
    return rendered(installationById(core, request.params.id));
  });
  for (const kind of ['users', 'orgs'] as const) {
    app.get<{ Params: { login: string } }>(`/${kind}/:login/installation`, (request) => {
      requireApp(callerOf(core, request));
      const installation = installationOfAccount(core.world, request.params.login);
      // GitHub answers `/users/…` for organisations too, but not the other way round.
      if (kind === 'orgs' && core.world.owner(installation.account)?.type !== 'Organization') {
        throw notFound();
      }
      return rendered(installation);
    });
  }
  app.get<{ Params: { owner: string; repo: string } }>('/repos/:owner/:repo/installation', (request) => {
    requireApp(callerOf(core, request));
    const repository = core.world.repository(request.params.owner, request.params.repo);
    const installation = repository === undefined ? undefined : core.world.installationOn(repository);
    if (installation === undefined) {
      throw notFound();
    }
    return rendered(installation);
  });
}

function tokenRoutes(app: FastifyInstance, core: Core): void {
  app.post<{ Params: { id: string } }>('/app/installations/:id/access_tokens', (request, reply) => {
    requireApp(callerOf(core, request));
    const installation = installationById(core, request.params.id);
    const minted = mintToken(core.world, installation, tokenRequest(request.body), core.settings.tokenShape);
    void reply.code(201);
    return renderToken(core.world, core.base, minted.value, minted.token, minted.repositories);
  });
  app.delete('/installation/token', (request, reply) => {
    if (callerOf(core, request).kind !== 'installation') {
      throw badCredentials();
    }
    delete core.world.state.tokens[credentialOf(request.headers.authorization) ?? ''];
    return reply.code(204).send();
  });
  app.get('/installation/repositories', (request, reply) => {
    const caller = callerOf(core, request);
    if (caller.kind !== 'installation') {
      throw badCredentials();
    }
    const repositories = core.world.repositoriesOf(caller.installation).filter((one) => reaches(caller, one));
    return {
      total_count: repositories.length,
      repository_selection: caller.installation.repositories === 'all' ? 'all' : 'selected',
      repositories: page(core, request, reply, repositories).map((one) =>
        renderFullRepository(core.world, core.base, one),
      ),
    };
  });
}

function hookRoutes(app: FastifyInstance, core: Core): void {
  app.get('/app/hook/config', (request) => {
    requireApp(callerOf(core, request));
    return hookConfig(core);
  });
  app.patch('/app/hook/config', (request) => {
    requireApp(callerOf(core, request));
    const { url, secret } = record(request.body);
    const { webhook } = core.world.state.app;
    webhook.url = textOrNull(url) ?? webhook.url;
    webhook.secret = textOrNull(secret) ?? webhook.secret;
    return hookConfig(core);
  });
  app.get('/app/hook/deliveries', (request, reply) => {
    requireApp(callerOf(core, request));
    const { cursor, status } = queryOf(request);
    const perPage = perPageOf(queryOf(request));
    const older = core.world.state.deliveries
      .filter((delivery) => (cursor === undefined || delivery.id < Number(cursor)) && hasStatus(delivery, status))
      .sort((left, right) => right.id - left.id);
    const shown = older.slice(0, perPage);
    const last = shown.at(-1);
    if (older.length > perPage && last !== undefined) {
      linkNext(core, request, reply, { cursor: String(last.id) });
    }
    return shown.map(renderDelivery);
  });
  app.get<{ Params: { id: string } }>('/app/hook/deliveries/:id', (request) => {
    requireApp(callerOf(core, request));
    return renderFullDelivery(deliveryById(core, request.params.id));
  });
  app.post<{ Params: { id: string } }>('/app/hook/deliveries/:id/attempts', (request, reply) => {
    requireApp(callerOf(core, request));
    return redeliver(core, deliveryById(core, request.params.id), reply);
  });
}

/** Answered when it was sent, so that a caller who waits for the answer can read the new line of the log. */
async function redeliver(core: Core, { event, body, guid }: Delivery, reply: FastifyReply): Promise<FastifyReply> {
  await deliver(core.world, { event, body, guid, redelivery: true }, core.settings.webhookTimeoutMs);
  return reply.code(202).send({});
}

/** `status=failure` covers HTTP 400–599 only: a delivery that got no answer is in neither list. */
function hasStatus(delivery: Delivery, status: string | undefined): boolean {
  const failed = delivery.statusCode >= 400 && delivery.statusCode <= 599;
  const succeeded = delivery.statusCode >= 200 && delivery.statusCode <= 399;
  return status === undefined || (status === 'failure' ? failed : succeeded);
}

function hookConfig(core: Core): Record<string, unknown> {
  const { url, secret } = core.world.state.app.webhook;
  return {
    content_type: 'json',
    insecure_ssl: '0',
    ...(secret === '' ? {} : { secret: '********' }),
    ...(url === null ? {} : { url }),
  };
}

function deliveryById(core: Core, id: string): Delivery {
  const found = core.world.state.deliveries.find((delivery) => String(delivery.id) === id);
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

function installationById(core: Core, id: string): Installation {
  const found = core.world.installation(Number(id));
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

const LEVELS: readonly unknown[] = ['read', 'write', 'admin'] satisfies Level[];

function tokenRequest(body: unknown): TokenRequest {
  const { repositories, repository_ids: ids, permissions } = record(body);
  if (repositories !== undefined && !isListOf(repositories, 'string')) {
    throw invalid("Invalid request.\n\nFor 'properties/repositories', it is not an array of strings.");
  }
  if (ids !== undefined && !isListOf(ids, 'number')) {
    throw invalid("Invalid request.\n\nFor 'properties/repository_ids', it is not an array of integers.");
  }
  if (permissions !== undefined && !isPermissions(permissions)) {
    throw invalid("Invalid request.\n\nFor 'properties/permissions', it is not an object of read, write or admin.");
  }
  return {
    ...(repositories === undefined ? {} : { repositories: repositories as readonly string[] }),
    ...(ids === undefined ? {} : { repository_ids: ids as readonly number[] }),
    ...(permissions === undefined ? {} : { permissions }),
  };
}

function isListOf(value: unknown, type: 'string' | 'number'): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === type);
}

function isPermissions(value: unknown): value is Record<string, Level> {
  return typeof value === 'object' && value !== null && Object.values(value).every((level) => LEVELS.includes(level));
}
