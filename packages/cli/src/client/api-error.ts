import type { ApiAddress } from './find-api.ts';

/** The API refused a request, or could not be reached: the message says why and what to do. Exit code 1. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Null if there was no response. */
  readonly status: number | null;

  constructor(message: string, status: number | null, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export function unreachable({ url, found }: ApiAddress, cause: unknown): ApiError {
  const remedy =
    found === 'npm start'
      ? 'Look at the terminal in which `npm start` runs.'
      : 'Check DISPATCHER_URL. While the API is down, the operator’s commands work with --direct.';
  return new ApiError(`Could not reach Dispatcher at ${url.origin}: ${causeOf(cause)}. ${remedy}`, null, { cause });
}

/** Returns the error for a response that is not a success. @param detail of the problem document; null without one */
export function refused(address: ApiAddress, status: number, detail: string | null, path: string): ApiError {
  return new ApiError(`${sentenceOf(address, status, detail, path)}${remedyOf(address, status, detail)}`, status);
}

function sentenceOf({ url }: ApiAddress, status: number, detail: string | null, path: string): string {
  if (detail !== null) return /[.!?]$/.test(detail) ? detail : `${detail}.`;
  return `${url.origin} answered ${path} with ${status}, and not with a response of Dispatcher.`;
}

function remedyOf({ credentials, found }: ApiAddress, status: number, detail: string | null): string {
  switch (status) {
    case 401:
      return credentials === null
        ? ' Set DISPATCHER_API_KEY to a key with the role viewer or operator; `dispatcher keys create` makes one.'
        : ` The credentials are those of ${credentials}. ${
            credentials === 'DISPATCHER_API_KEY'
              ? 'Replace its value; `dispatcher keys create` makes a new key.'
              : 'Set it again.'
          }`;
    case 403:
      // The detail of Dispatcher says what to do.
      return detail === null ? ' Ask an administrator for an API key or a role that may do this.' : '';
    case 429:
      return ' Wait, then run the command again.';
    case 502:
    case 503:
    case 504:
      return ' Run the command again in a minute. If it lasts, the operator’s commands work with --direct.';
    default:
      return status >= 500 && found === 'npm start' ? ' Look at the terminal in which `npm start` runs.' : '';
  }
}

/** Returns the reason of a failed fetch: its own message says only "fetch failed". Without `instanceof`, for errors of another realm. */
function causeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { cause, errors, message } = error as { cause?: unknown; errors?: readonly unknown[]; message?: unknown };
  if (cause !== undefined) return causeOf(cause);
  if (errors?.[0] !== undefined) return causeOf(errors[0]);
  return String(message);
}
