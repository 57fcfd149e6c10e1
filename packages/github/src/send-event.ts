import * as z from 'zod/mini';
import { GitHubPermanentError } from './errors.ts';
import { withCode } from './start-workflow.ts';
import type { Tokens } from './tokens.ts';
import type { Transport } from './transport.ts';
import type { GitHubApp } from './types.ts';

/** `POST /repos/{owner}/{repo}/dispatches`: 204 without a body. */
export function createEventSender(transport: Transport, tokens: Tokens): GitHubApp['sendEvent'] {
  return async ({ installationId, repositoryId, owner, name, eventType, clientPayload, answerBy }, options) => {
    const scope = { installationId, write: { permission: 'contents', repository: repositoryId } } as const;
    const context = { installationId, effect: 'once', answerBy, signal: options?.signal } as const;
    const payload =
      clientPayload === null ? {} : { client_payload: JSON.parse(clientPayload) as Record<string, unknown> };
    await tokens
      .use(
        scope,
        (authorization) =>
          transport.send(context, z.unknown(), (request) =>
            transport.installation.request('POST /repos/{owner}/{repo}/dispatches', {
              headers: { authorization },
              owner,
              repo: name,
              event_type: eventType,
              ...payload,
              request,
            }),
          ),
        options,
      )
      .catch((error: unknown) => {
        throw withPermission(error);
      });
  };
}

/** Which permission an event needs is known here: GitHub's refusals do not name it. */
function withPermission(error: unknown): unknown {
  if (!(error instanceof GitHubPermanentError)) return error;
  // The token's own refusals carry their code.
  const coded = error.code === null ? withCode(error) : error;
  if (!(coded instanceof GitHubPermanentError) || coded.code !== 'dispatch-forbidden') return coded;
  return /not accessible by integration|permission/i.test(coded.message)
    ? new GitHubPermanentError(coded.message, coded.status, 'app-permission-missing')
    : coded;
}
