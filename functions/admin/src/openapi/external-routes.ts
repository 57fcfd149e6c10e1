import { DispatchResponse, DispatchProblem, SendEventBody, StartWorkflowBody } from '@dispatcher/contracts';
import * as z from 'zod';
import type { DescribedRoute } from './described-routes.ts';

/** `POST /dispatch` of the planning function. Its refusals are not those of this app: none is general there. */
const startByKey: DescribedRoute = {
  method: 'POST',
  path: '/dispatch',
  security: ['apiKey'],
  schema: {
    summary: 'Starts a workflow, or sends an event, in a repository that consents to the key.',
    description:
      'The key needs the role `dispatch`. With `workflow` it is a workflow_dispatch, with `event_type` a repository_dispatch. `202` says that key and target agree; the dispatch follows.',
    body: z.union([StartWorkflowBody, SendEventBody]),
    response: { 202: DispatchResponse },
  },
  refusals: {
    document: DispatchProblem,
    problems: {
      400: 'A field is missing or wrong, or the body is over 256 KB; `field` names it.',
      401: 'No key, or none that is good here; nothing more is said.',
      403: 'Key, target or operator do not agree; `code`, `detail` and `fix` say why.',
      409: 'The same request is being answered at this moment.',
      422: 'This `Idempotency-Key` was used for another body.',
      429: 'Many wrong keys came from this address; `retry-after` says how long to wait.',
      503: 'GitHub or AWS gave no answer; `retry-after` says when to send it again.',
    },
  },
};

/**
 * Routes of the same address that another function serves: described here, proved there. Their schemas stand in
 * contracts.
 */
export const servedElsewhere: readonly DescribedRoute[] = [startByKey];
