import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Verification } from './verification.ts';

/** One POST to the address of a webhook. */
export interface VerifiedRequest {
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The raw bytes: signatures cover them, not what they mean. */
  readonly body: Buffer;
  /** The last part of the path after the webhook's name; null if there is none. */
  readonly pathToken: string | null;
}

export type Verified =
  | {
      readonly isValid: true;
      /** Identifies the signature, whatever its spelling; null if it covers no time, so that equal messages share it. */
      readonly signature: string | null;
    }
  | { readonly isValid: false; readonly reason: string };

/** A message may be this much older or newer than the receiver's clock says, as Stripe, Slack and Standard Webhooks advise. */
export const windowSeconds = 300;

/** More signatures than any rotation of secrets needs. */
const maxSignatures = 20;

/** What a request presents for its verification. */
interface Presented {
  /** Null if the scheme signs no time. */
  readonly timestamp: string | null;
  readonly signatures: readonly string[];
  readonly encoding: 'hex' | 'base64';
  /** What is signed before the body. */
  readonly before: string;
}

const refuse = (reason: string): Verified => ({ isValid: false, reason });

/**
 * Verifies a request with each of the secrets, in constant time.
 * @param secrets the current secret, and during a rotation the previous one
 * @param now milliseconds since the epoch
 */
export function verify(
  verification: Verification,
  request: VerifiedRequest,
  secrets: readonly string[],
  now: number,
): Verified {
  if (verification.scheme === 'token') return verifyToken(request, secrets);
  const presented = presentedBy(verification, request);
  if (typeof presented === 'string') return refuse(presented);
  const { timestamp, signatures, encoding, before } = presented;
  if (timestamp !== null) {
    if (!/^\d{1,12}$/.test(timestamp)) return refuse('The timestamp is missing or not a number of seconds.');
    const seconds = Math.round(now / 1000 - Number(timestamp));
    if (Math.abs(seconds) > windowSeconds) {
      const distance = seconds > 0 ? `${seconds} seconds old` : `${-seconds} seconds in the future`;
      return refuse(`The message is ${distance}, and at most ${windowSeconds} seconds are accepted.`);
    }
  }
  if (signatures.length === 0) return refuse('The header has no signature of this scheme.');
  const received = signatures.slice(0, maxSignatures).map((text) => Buffer.from(text, encoding));
  for (const secret of secrets) {
    const expected = createHmac('sha256', keyOf(verification, secret)).update(before).update(request.body).digest();
    if (received.some((each) => each.length === expected.length && timingSafeEqual(each, expected))) {
      return { isValid: true, signature: timestamp === null ? null : expected.toString('hex') };
    }
  }
  return refuse('The signature does not match the message: the sender signs with another secret.');
}

function verifyToken({ headers, pathToken }: VerifiedRequest, secrets: readonly string[]): Verified {
  const presented = pathToken ?? /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
  if (presented === undefined) return refuse('The token is missing: send it in the path or as Authorization: Bearer.');
  return secrets.some((secret) => timingSafeEqual(digestOf(presented), digestOf(secret)))
    ? { isValid: true, signature: null }
    : refuse('The token is not that of the webhook.');
}

/** Returns a digest: all have one length, which timingSafeEqual requires. */
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Standard Webhooks writes the key in base64; every other scheme signs with the text of the secret. */
function keyOf({ scheme }: Verification, secret: string): string | Buffer {
  return scheme === 'standard-webhooks' ? Buffer.from(secret.replace(/^whsec_/, ''), 'base64') : secret;
}

/** Returns what a request presents, or why it presents nothing. */
function presentedBy(
  verification: Exclude<Verification, { readonly scheme: 'token' }>,
  { headers }: VerifiedRequest,
): Presented | string {
  switch (verification.scheme) {
    case 'standard-webhooks': {
      const { 'webhook-id': id, 'webhook-timestamp': timestamp = '', 'webhook-signature': signature } = headers;
      if (id === undefined || signature === undefined)
        return missing(id === undefined ? 'webhook-id' : 'webhook-signature');
      const signatures = valuesOf(signature, ' ', 'v1,');
      return { timestamp, signatures, encoding: 'base64', before: `${id}.${timestamp}.` };
    }
    case 'stripe': {
      const { 'stripe-signature': signature } = headers;
      if (signature === undefined) return missing('Stripe-Signature');
      const [timestamp = ''] = valuesOf(signature, ',', 't=');
      return { timestamp, signatures: valuesOf(signature, ',', 'v1='), encoding: 'hex', before: `${timestamp}.` };
    }
    case 'slack': {
      const { 'x-slack-signature': signature, 'x-slack-request-timestamp': timestamp = '' } = headers;
      if (signature === undefined) return missing('X-Slack-Signature');
      return { timestamp, signatures: valuesOf(signature, ',', 'v0='), encoding: 'hex', before: `v0:${timestamp}:` };
    }
    case 'github': {
      const { 'x-hub-signature-256': signature } = headers;
      if (signature === undefined) return missing('X-Hub-Signature-256');
      return { timestamp: null, signatures: valuesOf(signature, ',', 'sha256='), encoding: 'hex', before: '' };
    }
    default: {
      const { header, encoding, prefix, timestampHeader } = verification;
      const signature = headers[header];
      if (signature === undefined) return missing(header);
      const timestamp = timestampHeader === null ? null : (headers[timestampHeader] ?? '');
      const before = timestamp === null ? '' : `${timestamp}:`;
      return { timestamp, signatures: valuesOf(signature, ',', prefix), encoding, before };
    }
  }
}

const missing = (header: string): string => `The header ${header} is missing.`;

/** Returns the parts of a list that begin with a prefix, without it. */
function valuesOf(list: string, separator: string, prefix: string): string[] {
  return list
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part.startsWith(prefix) && part.length > prefix.length)
    .map((part) => part.slice(prefix.length));
}
