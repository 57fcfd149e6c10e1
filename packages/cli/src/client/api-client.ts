import { randomUUID } from 'node:crypto';
import { problemMediaType } from './problem-media-type.ts';
import { ApiError, refused, unreachable } from './api-error.ts';
import type { ApiAddress } from './find-api.ts';

export type Query = Readonly<Record<string, string | undefined>>;

/** The admin API. Every method throws {@link ApiError}. */
export interface ApiClient {
  readonly url: URL;
  get<Response>(path: string, query?: Query): Promise<Response>;
  /** Returns null where the API has no such thing (404). */
  find<Response>(path: string, query?: Query): Promise<Response | null>;
  /** Sends the body with an `Idempotency-Key`, so that a retry is the same action. */
  post<Response>(path: string, body: object, options?: PostOptions): Promise<Response>;
  /** Returns the parameters that a GET of this path takes according to the OpenAPI document. */
  parametersOf(path: string): Promise<readonly string[]>;
}

export interface PostOptions {
  /** Whether to repeat the request if the API is busy; true by default. */
  readonly retry?: boolean;
}

export interface ClientOptions {
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Prints a word to the operator while a request waits for its next attempt. */
  readonly warn: (sentence: string) => void;
  /** Ends a request that has no response, in milliseconds. */
  readonly timeoutMs?: number;
}

const maxAttempts = 4;
/** The longest wait in all: nobody watches a command that does nothing for minutes. */
const maxWaitSeconds = 60;
const retried = new Set([429, 502, 503, 504]);

interface OpenApi {
  readonly paths: Readonly<
    Record<string, { readonly get?: { readonly parameters?: readonly { readonly name?: string }[] } } | undefined>
  >;
}

interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Query | undefined;
  readonly body?: object;
  readonly retry?: boolean | undefined;
}

export function createApiClient(address: ApiAddress, options: ClientOptions): ApiClient {
  const { timeoutMs = 30_000 } = options;
  const send = async <Response>({ method, path, query = {}, body, retry = true }: ApiRequest): Promise<Response> => {
    const url = new URL(path.replace(/^\//, ''), address.url);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    const headers: Record<string, string> = { ...address.headers, accept: 'application/json' };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['idempotency-key'] = randomUUID();
    }
    let waitedSeconds = 0;
    for (let attempt = 1; ; attempt += 1) {
      const init = { method, headers, signal: AbortSignal.timeout(timeoutMs), redirect: 'manual' as const };
      const { response, text } = await readText(
        url,
        body === undefined ? init : { ...init, body: JSON.stringify(body) },
      ).catch((cause: unknown) => {
        throw unreachable(address, cause);
      });
      const content = parse(text);
      if (response.ok && content !== undefined) return content as Response;
      const { status } = response;
      const isProblem = response.headers.get('content-type')?.startsWith(problemMediaType) === true;
      const error = refused(address, status, isProblem ? detailOf(content) : null, `${method} ${path}`);
      const seconds = secondsToWait(response.headers.get('retry-after'), attempt);
      waitedSeconds += seconds;
      if (!retry || !retried.has(status) || attempt === maxAttempts || waitedSeconds > maxWaitSeconds) throw error;
      options.warn(`${error.message.split('. ')[0] ?? ''}. Trying again in ${seconds} s.`);
      await options.wait(1000 * seconds);
    }
  };
  const get = <Response>(path: string, query?: Query) => send<Response>({ method: 'GET', path, query });
  let openApi: Promise<OpenApi> | undefined;
  return {
    url: address.url,
    get,
    find: async <Response>(path: string, query?: Query) => {
      try {
        return await get<Response>(path, query);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    post: <Response>(path: string, body: object, { retry }: PostOptions = {}) =>
      send<Response>({ method: 'POST', path, body, retry }),
    parametersOf: async (path) => {
      openApi ??= get<OpenApi>('/api/openapi.json');
      const { paths } = await openApi;
      return (paths[path]?.get?.parameters ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]));
    },
  };
}

/** Returns a response with its whole body: the connection can end, or the time be over, after the headers too. */
async function readText(url: URL, init: RequestInit): Promise<{ readonly response: Response; readonly text: string }> {
  const response = await fetch(url, init);
  return { response, text: await response.text() };
}

/** Returns undefined for what is not JSON: the address belongs to something else than Dispatcher. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function detailOf(content: unknown): string | null {
  if (typeof content !== 'object' || content === null || !('detail' in content)) return null;
  return String(content.detail);
}

/** Returns the seconds of `Retry-After`; without it, 1, 2, 4 seconds. */
function secondsToWait(header: string | null, attempt: number): number {
  const seconds = Number(header);
  if (header !== null && Number.isInteger(seconds) && seconds >= 0) return Math.max(1, seconds);
  return 2 ** (attempt - 1);
}
