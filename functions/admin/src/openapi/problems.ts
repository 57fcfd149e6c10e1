import type { DescribedRoute } from './described-routes.ts';

type Problems = Readonly<Record<number, string>>;

export const problemsOfEveryRoute: Problems = {
  400: 'The request is invalid; the detail names the problem.',
  500: 'Internal error. See the log for the request id in the detail.',
};

export const problemsOfAuthenticatedRoutes: Problems = {
  401: 'Authentication failed: credentials are missing or invalid.',
  403: 'The principal has no role. With authentication disabled: the host name is not localhost.',
  405: 'The path exists for other methods only; the header `allow` names them.',
  429: 'Too many failed authentications from this address; `retry-after` says how long to wait.',
};

export const problemsOfMutations: Problems = {
  403: 'The request needs the role `operator`.',
  409: 'Another request with this `Idempotency-Key` is in progress.',
  413: 'The body is larger than 64 KB.',
  415: 'The body is not JSON.',
  422: 'This `Idempotency-Key` was used for a different request.',
};

export const problemsOfPathParameters: Problems = {
  404: 'The resource in the path does not exist.',
  414: 'A part of the path is longer than 200 characters.',
};

/** Returns a route's error responses by status: the general ones, and those that its schema adds or specifies. */
export function problemsOf({ method, path, security, schema, external }: DescribedRoute): Problems {
  if (external !== undefined) return external.problems;
  return {
    ...problemsOfEveryRoute,
    ...(path.includes('{') ? problemsOfPathParameters : {}),
    ...(security.length === 0 ? {} : problemsOfAuthenticatedRoutes),
    ...(method === 'GET' ? {} : problemsOfMutations),
    ...schema.problems,
  };
}
