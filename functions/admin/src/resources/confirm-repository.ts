import { foldName, OperatorReason, policyRepository } from '@dispatcher/contracts';
import {
  ConfirmationNotRecordedError,
  confirmPolicyRemoval,
  confirmRepository,
  type ConfirmRepositoryDependencies,
  NothingToConfirmError,
  ProblemError,
} from '@dispatcher/lambda';
import * as z from 'zod';
import { actionOf, noticeIn } from '../http/operator-action.ts';
import { RepositoryParams } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';

const otherSide = z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/);

export const ConfirmRepositoryRequest = z.strictObject({
  /** The repository that requests dispatches, or that a request is for: the other side of the routes to confirm. */
  otherRepository: otherSide
    .optional()
    .describe(
      '`owner/name` of the other side: the repository whose rule names this one. Required, except with the role `policy`.',
    ),
  role: z
    .enum(['source', 'target', 'policy'])
    .describe(
      'The side of this repository: whether its runs start workflows, or its workflows are started. `policy`: this is `owner/.github`, and the owner removed its policy.',
    ),
  repositoryId: z.int().positive().max(Number.MAX_SAFE_INTEGER).describe('The id that the refused decision shows.'),
  /** The operator's reason, recorded; secrets in it are not. */
  reason: OperatorReason,
});

export const ConfirmRepositoryResponse = z.object({
  actionId: z.string(),
  source: z.string(),
  target: z.string(),
  repositoryId: z.int(),
  confirmedAt: z.iso.datetime(),
  /** What to do about a secret in the reason, which was redacted. */
  notice: z.string().optional(),
});

/** Adds the confirmation of a repository that was registered again under its name. `dispatcher confirm` offers it, too. */
export function addConfirmRepositoryRoute(api: Api, deps: ConfirmRepositoryDependencies): void {
  const schema = {
    summary:
      'Confirms that the name of a repository belongs to another repository than before, or that an owner has no policy any more.',
    description:
      'For decisions with `source-replaced` or `target-replaced`; with the role `policy`, for `policy-unreadable` and `target-policy-unreadable`. Runs that were refused are not planned again: replay them.',
    params: RepositoryParams,
    body: ConfirmRepositoryRequest,
    response: { 200: ConfirmRepositoryResponse },
    problems: {
      404: 'No dispatch between the two repositories was ever allowed.',
      409: 'No repository with this id was refused.',
      503: 'The confirmation is effective, but was not recorded. Repeat it.',
    },
  };
  api.post('/repositories/:owner/:name/confirm', { schema }, async (request, reply) => {
    const { params, body } = request;
    const { role: side, repositoryId } = body;
    const own = `${params.owner}/${params.name}`;
    const action = actionOf(request, 'repository-confirmed');
    const shown = { actionId: action.actionId, repositoryId, ...noticeIn(action.reason) };
    reply.code(200);
    try {
      if (side === 'policy') {
        if (foldName(params.name) !== policyRepository)
          throw new ProblemError(400, `A policy is in ${params.owner}/.github.`);
        const removal = { ...action, owner: params.owner, repositoryId };
        return { ...shown, source: own, target: own, ...(await confirmPolicyRemoval(deps, removal)) };
      }
      const { otherRepository: other } = body;
      if (other === undefined) throw new ProblemError(400, '`otherRepository` is missing: name the other side.');
      const names = side === 'source' ? { source: own, target: other } : { source: other, target: own };
      const confirmation = { ...action, side, ...names, repositoryId };
      return { ...shown, ...names, ...(await confirmRepository(deps, confirmation)) };
    } catch (error) {
      throw toProblem(error);
    }
  });
}

function toProblem(error: unknown): unknown {
  if (error instanceof NothingToConfirmError) {
    return new ProblemError(error.reason === 'unknown' ? 404 : 409, error.message);
  }
  return error instanceof ConfirmationNotRecordedError ? new ProblemError(503, error.message) : error;
}
