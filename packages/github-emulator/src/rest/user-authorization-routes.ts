import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { badCredentials, notFound } from '../common/api-error.ts';
import { record, stringOrNull } from '../common/json-values.ts';
import { callerOf, type EmulatorContext } from '../server/context.ts';
import { plugin } from '../server/plugin.ts';
import { revokeAuthorization } from '../server/revoke-authorization.ts';
import { deleteUserToken, matchesChallenge, mintUserToken } from '../state/user-authorizations.ts';
import { renderInstallation } from '../render/render-app.ts';
import { renderRepository } from '../render/render-repositories.ts';
import type { Installation, Owner, Repository } from '../state/entities.ts';
import { installationById } from './installation-routes.ts';
import { explicitRoleIn, renderPublicUser } from './membership-routes.ts';
import { paginate } from './pagination.ts';

type Fields = Readonly<Record<string, string | undefined>>;

/** Routes of a user's authorization of the App: the exchange of a code, the user, and the end of a token. */
export function addUserAuthorizationRoutes(app: FastifyInstance, context: EmulatorContext): void {
  app.register(
    plugin('oauth', async (oauth) => {
      oauth.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
        done(null, Object.fromEntries(new URLSearchParams(body.toString())));
      });
      oauth.post('/login/oauth/access_token', (request, reply) =>
        sendTokenResponse(request, reply, exchange(context, record(request.body) as Fields)),
      );
    }),
  );
  app.get('/user', (request) => renderPublicUser(context, userOf(context, request)));
  app.get('/user/installations', (request, reply) => {
    const user = userOf(context, request);
    const installations = context.store.state.installations.filter(
      (installation) => repositoriesOf(context, installation, user).length > 0,
    );
    return {
      total_count: installations.length,
      installations: paginate(context, request, reply, installations).map((installation) =>
        renderInstallation(context.store, context.base, installation),
      ),
    };
  });
  app.get<{ Params: { id: string } }>('/user/installations/:id/repositories', (request, reply) => {
    const user = userOf(context, request);
    const repositories = repositoriesOf(context, installationById(context, request.params.id), user);
    // GitHub does not say whether an installation exists that the user has nothing to do with.
    if (repositories.length === 0) {
      throw notFound();
    }
    return {
      total_count: repositories.length,
      repositories: paginate(context, request, reply, repositories).map((repository) =>
        renderRepository(context.store, context.base, repository),
      ),
    };
  });
  for (const end of ['token', 'grant'] as const) {
    app.delete<{ Params: { clientId: string } }>(`/applications/:clientId/${end}`, async (request, reply) => {
      requireClient(context, request);
      const token = stringOrNull(record(request.body)['access_token']) ?? '';
      const owner = context.store.state.userTokens?.[token]?.userId;
      if (owner === undefined) {
        throw notFound();
      }
      deleteUserToken(context.store, token);
      if (end === 'grant') {
        await revokeAuthorization(context, owner);
      }
      return reply.code(204).send();
    });
  }
}

/** Returns the user of the request's token. Throws 401 for other credentials. */
function userOf(context: EmulatorContext, request: FastifyRequest): Owner {
  const caller = callerOf(context, request);
  if (caller.kind !== 'user') {
    throw badCredentials();
  }
  return caller.user;
}

/** Returns the repositories of an installation in which a user has a role: not those that are only public. */
function repositoriesOf(context: EmulatorContext, installation: Installation, user: Owner): readonly Repository[] {
  return context.store
    .repositoriesOf(installation)
    .filter((repository) => explicitRoleIn(context, repository, user) !== null);
}

/** Exchanges a code for a token. GitHub reports errors with status 200. */
function exchange(context: EmulatorContext, fields: Fields): Record<string, string | number> {
  const { app } = context.store.state;
  if (
    fields['client_id'] !== app.clientId ||
    app.clientSecret === undefined ||
    fields['client_secret'] !== app.clientSecret
  ) {
    return error('incorrect_client_credentials', 'The client_id and/or client_secret passed are incorrect.');
  }
  const authorization = context.authorizationCodes.take(fields['code'] ?? '', context.store.now());
  if (authorization === null || !matchesChallenge(authorization, fields['code_verifier'])) {
    return error('bad_verification_code', 'The code passed is incorrect or expired.');
  }
  if (fields['redirect_uri'] !== undefined && fields['redirect_uri'] !== authorization.redirectUri) {
    return error(
      'redirect_uri_mismatch',
      'The redirect_uri MUST match the registered callback URL for this application.',
    );
  }
  const { token, seconds } = mintUserToken(context.store, authorization.userId);
  return { access_token: token, expires_in: seconds, token_type: 'bearer', scope: '' };
}

function error(code: string, description: string): Record<string, string> {
  const documentation =
    'https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors';
  return { error: code, error_description: description, error_uri: documentation };
}

function sendTokenResponse(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  response: Record<string, string | number>,
): object | string {
  if (String(headers.accept).includes('application/json')) return response;
  void reply.type('application/x-www-form-urlencoded; charset=utf-8');
  const fields = Object.entries(response).map(([name, value]): [string, string] => [name, String(value)]);
  return new URLSearchParams(fields).toString();
}

/** Throws 401 unless the request has the App's client id and secret, as Basic authentication, and names the client id. */
function requireClient(context: EmulatorContext, request: FastifyRequest<{ Params: { clientId: string } }>): void {
  const { clientId, clientSecret } = context.store.state.app;
  const expected = `Basic ${Buffer.from(`${clientId}:${clientSecret ?? ''}`).toString('base64')}`;
  if (clientSecret === undefined || request.headers.authorization !== expected) {
    throw badCredentials();
  }
  if (request.params.clientId !== clientId) {
    throw notFound();
  }
}
