import { createHash } from 'node:crypto';
import type { FactLine } from '@dispatcher/store';

/** What a client of the stream does not know yet. */
export interface NewFacts {
  /** Oldest first. */
  readonly facts: readonly FactLine[];
  /** Whether there may be more than these: read the list. */
  readonly more: boolean;
}

/** Number of facts that one request reads and compares. */
export const maxNewFacts = 30;

const version = 'v1.';
const digestLength = 6;

/**
 * Returns the id of an event: which facts the first page of the list had. The position of a fact is the time of its
 * delivery, so a fact that is recorded later can stand below those that the client knows; a time would miss it.
 */
export const eventIdOf = (facts: readonly FactLine[]): string =>
  version + facts.map(({ factId }) => digestOf(factId)).join('');

const digestOf = (factId: string): string =>
  createHash('sha256').update(factId).digest('base64url').slice(0, digestLength);

/**
 * Returns the facts that were not there at an event.
 * @param facts the first page of the list, newest first
 * @param lastEventId what the client sent: undefined at its first request, and any text from a client of our own version
 * or of another
 */
export function newFactsSince(lastEventId: string | undefined, facts: readonly FactLine[]): NewFacts {
  const known = digestsIn(lastEventId);
  if (known === null) return { facts: [], more: true };
  const added = facts.filter(({ factId }) => !known.has(digestOf(factId)));
  return { facts: added.toReversed(), more: added.length === maxNewFacts };
}

function digestsIn(lastEventId = ''): ReadonlySet<string> | null {
  const text = lastEventId.slice(version.length);
  const isOurs = lastEventId.startsWith(version) && text.length % digestLength === 0;
  if (!isOurs || text.length > maxNewFacts * digestLength || !/^[\w-]*$/.test(text)) return null;
  return new Set(
    Array.from({ length: text.length / digestLength }, (_, n) => text.slice(n * digestLength).slice(0, digestLength)),
  );
}

const minRetryMs = 3_000;
const maxRetryMs = 15_000;

/** Returns when a client should ask again: soon after something new, and later the longer nothing happens. */
export function retryMsAfter(facts: readonly FactLine[], nowMs: number): number {
  const newestMs = Math.max(...facts.map(({ time }) => Date.parse(time)));
  // A minute of quiet leads to the longest wait. Without facts, the age is infinite.
  return Math.round(Math.min(maxRetryMs, Math.max(minRetryMs, (nowMs - newestMs) / 4)));
}
