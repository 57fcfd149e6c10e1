import * as z from 'zod/mini';

// Installation tokens in both formats (the long one contains dots), other GitHub tokens, JWTs, PEM keys, API keys of
// Dispatcher, secrets of Standard Webhooks, and access key ids of AWS. The header of a JWT is limited, so that a text that
// begins again and again like one is read in linear time.
const secretPattern =
  /gh[a-z]_[A-Za-z0-9._-]{20,}|github_pat_\w{20,}|eyJ[\w-]{10,1000}\.[\w-]{10,}\.[\w-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)|dsp_[0-9a-f]{16}_[\w-]{43}|whsec_[A-Za-z0-9+/]{20,}={0,2}|\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g;

const placeholder = '[redacted]';

/**
 * Replaces GitHub tokens, JWTs, private keys, API keys of Dispatcher, secrets of Standard Webhooks and access key ids of AWS in
 * a text by `[redacted]`.
 */
export function redact(text: string): string {
  return text.replace(secretPattern, placeholder);
}

/**
 * The reason of an operator's action, without secrets. Every command and request parses its reason with this schema, because
 * the reason is stored in messages and facts, which cannot be changed later.
 */
export const OperatorReason = z.string().check(z.trim(), z.minLength(1), z.maxLength(1_000), z.overwrite(redact));

/** Returns what to tell the operator whose reason contained a secret; null if it contained none. */
export function noticeOfRedaction(reason: string): string | null {
  return reason.includes(placeholder)
    ? 'The reason contained a secret and is recorded as [redacted] in its place. Revoke the secret if others could read it.'
    : null;
}
