import { STATUS_CODES } from 'node:http';

/** A problem document (RFC 9457). `type` is `about:blank`, so the title is the standard name of the HTTP status. */
export interface ProblemDocument {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly [member: string]: unknown;
}

export const problemContentType = 'application/problem+json';

/** Creates a problem document; `members` are added to it as they are. */
export function problemDocument(status: number, members: Readonly<Record<string, unknown>> = {}): ProblemDocument {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, ...members };
}

/** The response to an address that sent too many wrong credentials. */
export function tooManyFailedAuthentications(seconds: number): {
  readonly status: 429;
  readonly detail: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  return {
    status: 429,
    detail: `Too many failed authentications from your address. Try again in ${seconds} s.`,
    headers: { 'retry-after': String(seconds) },
  };
}
