import * as z from 'zod/mini';
import type { InstallationTokens } from '../installations/installation-tokens.ts';
import { GitHubPermanentError } from '../transport/errors.ts';
import type { CallOptions } from '../transport/options.ts';
import type { Transport } from '../transport/transport.ts';
import { withDispatchCode } from './dispatch-refusal.ts';
import type { SendEvent } from './types.ts';

/** `POST /repos/{owner}/{repo}/dispatches`: 204 without a body. */
export function createEventSender(
  transport: Transport,
  tokens: InstallationTokens,
): (request: SendEvent, options?: CallOptions) => Promise<void> {
  return async ({ installationId, repositoryId, owner, name, eventType, clientPayload, responseDeadline }, options) => {
    const scope = { installationId, write: { permission: 'contents', repository: repositoryId } } as const;
    const context = { installationId, effect: 'once', responseDeadline, signal: options?.signal } as const;
    const payload =
      clientPayload === null ? {} : { client_payload: JSON.parse(clientPayload) as Record<string, unknown> };
    const post = (authorization: string) =>
      transport.send(context, z.unknown(), (request) =>
        transport.installation.request('POST /repos/{owner}/{repo}/dispatches', {
          headers: { authorization },
          owner,
          repo: name,
          event_type: eventType,
          ...payload,
          request,
        }),
      );
    await tokens.use(scope, post, options).catch((error: unknown) => {
      throw withPermissionCode(error);
    });
  };
}

/** GitHub's refusal does not name the permission that is missing; for an event it can only be `contents: write`. */
function withPermissionCode(error: unknown): unknown {
  if (!(error instanceof GitHubPermanentError)) return error;
  // A refusal to mint the token has its code already.
  const coded = error.code === null ? withDispatchCode(error) : error;
  if (!(coded instanceof GitHubPermanentError) || coded.code !== 'dispatch-forbidden') return coded;
  return /not accessible by integration|permission/i.test(coded.message)
    ? new GitHubPermanentError(coded.message, coded.status, 'app-permission-missing')
    : coded;
}
