import { createHash, timingSafeEqual } from 'node:crypto';
import { type PendingSignIn, SignInRefusedError } from './sign-in-method.ts';

/**
 * Returns the code with which the provider sent the browser back.
 * @throws SignInRefusedError if the response belongs to another request, or the person or the provider refused
 */
export function readCallback({ searchParams }: URL, { state }: PendingSignIn, provider: string): string {
  // First: an error with a foreign state is as little this browser's as a code.
  if (!isSame(searchParams.get('state') ?? '', state)) {
    throw new SignInRefusedError(400, 'This sign-in was not started in this browser. Sign in again.');
  }
  const error = searchParams.get('error');
  if (error === 'access_denied') {
    throw new SignInRefusedError(403, `You cancelled the sign-in at ${provider}.`);
  }
  const code = searchParams.get('code') ?? '';
  if (error !== null || code === '') {
    const cause = new Error(`${error}: ${searchParams.get('error_description') ?? ''}`.slice(0, 1_000));
    throw new SignInRefusedError(400, `This sign-in ended with an error at ${provider}. Sign in again.`, { cause });
  }
  return code;
}

function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(hash(given), hash(expected));
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
