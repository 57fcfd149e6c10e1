import type { DescribedRoute } from './described-routes.ts';

type Problems = Readonly<Record<number, string>>;

export const everywhere: Problems = {
  400: 'The request is not as described; the detail names what is wrong with it.',
  500: 'Something failed. The log tells more under the request id in the detail.',
};

export const behindAuthentication: Problems = {
  401: 'No principal, or not one that is let in.',
  403: 'Not for this principal. Without authentication: not under this host name.',
  429: 'Too many wrong credentials came from this address; `retry-after` says how long to wait.',
};

export const mutations: Problems = {
  403: 'This needs the role `operator`.',
  409: 'Another request with this `Idempotency-Key` is still under way.',
  413: 'The body is over 64 KB.',
  415: 'The body is not JSON.',
  422: 'This `Idempotency-Key` came before with another request.',
};

export const named: Problems = {
  404: 'The path names nothing that there is.',
  414: 'A part of the path is over 200 characters.',
};

/** Every refusal of a route by its status: the general ones, and those that its schema adds or says more exactly. */
export function problemsOf({ method, path, security, schema, refusals }: DescribedRoute): Problems {
  if (refusals !== undefined) return refusals.problems;
  return {
    ...everywhere,
    ...(path.includes('{') ? named : {}),
    ...(security.length === 0 ? {} : behindAuthentication),
    ...(method === 'GET' ? {} : mutations),
    ...schema.problems,
  };
}
