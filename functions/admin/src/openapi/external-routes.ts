import {
  DispatchResponse,
  DispatchProblem,
  RequestAsJobBody,
  SendEventBody,
  StartWorkflowBody,
} from '@dispatcher/contracts';
import * as z from 'zod';
import type { DescribedRoute } from './described-routes.ts';

/** The body of `POST /dispatch`. */
export const DispatchApiRequest = z.union([StartWorkflowBody, SendEventBody, RequestAsJobBody]);

/** `POST /dispatch` of the planning function. It declares all its error responses itself. */
const dispatchApi: DescribedRoute = {
  method: 'POST',
  path: '/dispatch',
  security: ['apiKey', 'jobToken'],
  schema: {
    summary:
      'Starts a workflow or sends a repository_dispatch event in a repository whose file allows the key or the job.',
    description:
      'The key needs the role `dispatch`. With `workflow` it starts a workflow_dispatch, with `event_type` a repository_dispatch. A job of a running workflow sends its GitHub Actions OIDC token, whose audience is this address, and names one target of an outbound rule. `202`: both sides agree, and the dispatch follows asynchronously.',
    body: DispatchApiRequest,
    response: { 202: DispatchResponse },
  },
  external: {
    document: DispatchProblem,
    problems: {
      400: 'A field is missing or invalid, or the body is larger than 256 KB; `field` names it.',
      401: 'The API key is missing or invalid, and the response does not say which; or the token of a job is not accepted, and `detail` says why.',
      405: 'The method is not `POST`; the header `allow` names it.',
      403: 'The key, one of the two sides or the operator does not allow it, or the run of a job is not in progress; `code`, `detail` and `fix` say why.',
      409: 'Another request with this `Idempotency-Key` is in progress.',
      422: 'This `Idempotency-Key` was used with a different body.',
      429: 'Too many failed authentications from this address; `retry-after` says how long to wait.',
      503: 'GitHub, the issuer of a token or AWS did not respond; `retry-after` says when to retry.',
    },
  },
};

/** Routes under the same address that another function serves and tests. Their schemas are in the package contracts. */
export const externalRoutes: readonly DescribedRoute[] = [dispatchApi];
