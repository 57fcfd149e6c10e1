import type { FastifyInstance } from 'fastify';
import { credentialOf } from '../auth/authentication.ts';
import { issuerPath, tokenRequestPath } from '../auth/job-tokens.ts';
import { type EmulatorContext, queryOf } from '../server/context.ts';
import { addPublicHooks } from '../server/request-hooks.ts';

/** Adds the issuer of the OIDC tokens of jobs: its discovery document, its keys, and the requests of runners. */
export function addIssuerRoutes(app: FastifyInstance, context: EmulatorContext): void {
  addPublicHooks(app, context);
  app.get(`${issuerPath}/.well-known/openid-configuration`, () => {
    const issuer = `${context.base}${issuerPath}`;
    return {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
    };
  });
  app.get(`${issuerPath}/.well-known/jwks`, () => context.jobTokens.keySet());
  app.get(tokenRequestPath, (request) =>
    context.jobTokens
      .issue(context.store, context.base, {
        requestToken: credentialOf(request.headers.authorization),
        audience: queryOf(request)['audience'],
      })
      .then((value) => ({ count: value.length, value })),
  );
}
