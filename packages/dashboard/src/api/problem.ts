/** A response of the API that reports a problem (RFC 9457). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly retryAfter: string | null;

  constructor(status: number, detail: string, retryAfter: string | null = null) {
    super(detail);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** No response: the network, the browser or the API is down. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(cause: unknown) {
    super('Could not reach Dispatcher. Check your connection; the page tries again by itself.', { cause });
  }
}

/** Returns what a problem document says, or a sentence about the status if the response is none. */
export function problemOf(body: unknown, response: Pick<Response, 'status' | 'statusText'>): string {
  if (typeof body === 'object' && body !== null && 'detail' in body && typeof body.detail === 'string') {
    return body.detail;
  }
  return `Dispatcher responded with ${response.status} ${response.statusText}.`.replace(' .', '.');
}

/** Returns the HTTP status of a failure, or null if there was no response. */
export const statusOf = (error: unknown): number | null => (error instanceof ApiError ? error.status : null);

/** Whether the same request may succeed a moment later. */
export const isTransient = (error: unknown): boolean => {
  const status = statusOf(error);
  return status === null || status >= 500 || status === 429;
};
