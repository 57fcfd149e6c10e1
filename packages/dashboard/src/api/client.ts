import createClient from 'openapi-fetch';
import { ApiError, problemOf, UnreachableError } from './problem.ts';
import type { paths } from './schema.ts';

export type { Schemas } from './schemas.ts';

/**
 * The typed client of the API. The header tells the API that the page sent the request: it then answers 401 without
 * `www-authenticate`, which would open the browser's own sign-in prompt, and accepts a change that the session authorizes.
 */
export const api = createClient<paths>({ baseUrl: '/', headers: { 'x-requested-with': 'dashboard' } });

interface Result<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * Returns the body of a successful response: `read(api.GET('/api/runs', { params, signal }))`.
 * @throws ApiError for a response that reports a problem
 * @throws UnreachableError without a response
 */
export async function read<Data>(request: Promise<Result<Data>>): Promise<Data> {
  let result: Result<Data>;
  try {
    result = await request;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new UnreachableError(cause);
  }
  const { data, error, response } = result;
  if (data !== undefined) return data;
  throw new ApiError(response.status, problemOf(error, response), response.headers.get('retry-after'));
}
