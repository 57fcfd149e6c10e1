import { createHash } from 'node:crypto';
import type { Verification } from './verification.ts';
import type { VerifiedRequest } from './verify.ts';

/** What makes two messages the same one. `isLasting`: forever; otherwise within some minutes. */
export interface Identity {
  readonly isLasting: boolean;
  readonly parts: readonly string[];
}

/**
 * Returns what identifies a verified message: the id that its sender gave it; without one, its signature if that covers a
 * time; otherwise its content, which a later message may repeat.
 */
export function identityOf(
  { scheme }: Verification,
  { headers, body }: VerifiedRequest,
  message: object,
  signature: string | null,
): Identity {
  const id = messageIdOf(scheme, headers, message);
  if (id !== null) return { isLasting: true, parts: ['id', id] };
  if (signature !== null) return { isLasting: true, parts: ['signature', signature] };
  return { isLasting: false, parts: ['body', createHash('sha256').update(body).digest('hex')] };
}

function messageIdOf(
  scheme: Verification['scheme'],
  headers: VerifiedRequest['headers'],
  message: object,
): string | null {
  switch (scheme) {
    case 'standard-webhooks':
      return headers['webhook-id'] ?? null;
    case 'github':
      return headers['x-github-delivery'] ?? null;
    // Both send a message again with a new time and a new signature.
    case 'stripe':
      return textAt(message, 'id');
    case 'slack':
      return textAt(message, 'event_id') ?? textAt(message, 'trigger_id');
    default:
      return null;
  }
}

function textAt(message: object, field: string): string | null {
  const value = (message as Readonly<Record<string, unknown>>)[field];
  return typeof value === 'string' && value !== '' ? value : null;
}
