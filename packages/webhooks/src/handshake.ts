import type { Verification } from './verification.ts';
import type { VerifiedRequest } from './verify.ts';

/** Returns whether a verified message only asks whether the address works: it starts nothing. */
export function isPing({ scheme }: Verification, { headers }: VerifiedRequest): boolean {
  return scheme === 'github' && headers['x-github-event'] === 'ping';
}

/** Returns the text that Slack expects back when an operator enters the address; null for any other message. */
export function challengeOf({ scheme }: Verification, message: object): string | null {
  const { type, challenge } = message as { readonly type?: unknown; readonly challenge?: unknown };
  return scheme === 'slack' && type === 'url_verification' && typeof challenge === 'string' ? challenge : null;
}
