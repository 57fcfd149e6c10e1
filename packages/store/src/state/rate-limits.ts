import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { readItem, expirySeconds, type StateTable } from './state-table.ts';
import { nowSeconds } from './update-live.ts';

/** A time during which GitHub cannot be reached. Times are in milliseconds since the epoch. */
export interface Outage {
  readonly since: number;
  /** No request is sent before this time. */
  readonly until: number;
}

/**
 * Stores by installation whether GitHub rate limits it or cannot be reached, so that its other messages are deferred
 * without a call to GitHub. What was read is remembered for a second; what this process records is known to it at once.
 */
export interface RateLimits {
  /** Returns until when the installation makes no call, in milliseconds since the epoch; null if it may call now. */
  deferUntil(installationId: number): Promise<number | null>;
  /** Returns the rate limit and the outage. An outage whose wait is over is returned too: the next call shows its end. */
  holdOf(installationId: number): Promise<{ readonly rateLimitedUntil: number | null; readonly outage: Outage | null }>;
  /** Sets the deferral, or leaves a longer one in place. */
  setDeferUntil(installationId: number, untilMs: number): Promise<void>;
  /**
   * Records that GitHub could not be reached: the first wait takes two seconds, and each next one as long as the outage
   * has lasted, at most 15 minutes. Calls that fail during one wait do not extend it. Returns its end.
   */
  recordOutage(installationId: number): Promise<number>;
  /** Deletes the outage, unless it was extended since it was read. */
  endOutage(installationId: number, outage: Pick<Outage, 'until'>): Promise<void>;
  /** Returns the key of the item to read for {@link remember}; null if what was read less than a second ago suffices. */
  keyToRead(installationId: number): string | null;
  /** Remembers an item that was read together with others; null: there is none. */
  remember(installationId: number, item: Readonly<Record<string, unknown>> | null): void;
}

const minuteMs = 60_000;
/** How long a read is remembered. What another process records is thus seen up to a second late. */
const memoryMs = 1_000;
const minWaitMs = 2_000;
const maxWaitMs = 15 * minuteMs;
/** An outage that no call has seen for this long has ended unnoticed: the installation had nothing to send. */
const forgottenAfterMs = 60 * minuteMs;

/** Returns how long to wait for GitHub if it has been unreachable for `elapsedMs`: the wait doubles with each try. */
export function outageWaitMs(elapsedMs: number): number {
  return Math.min(maxWaitMs, Math.max(minWaitMs, elapsedMs));
}

const Item = z.object({
  until: z.optional(z.number()),
  outageSince: z.optional(z.number()),
  outageUntil: z.optional(z.number()),
});
type Item = z.infer<typeof Item>;

const keyOf = (installationId: number): string => `rate-limit#${installationId}`;

export function createRateLimits(table: StateTable): RateLimits {
  /** What was read or written last, by installation, with the time of the read. */
  const memory = new Map<number, { readonly at: number; readonly item: Item }>();
  const remembered = (installationId: number): Item | null => {
    const known = memory.get(installationId);
    return known === undefined || table.now() - known.at >= memoryMs ? null : known.item;
  };
  const remember = (installationId: number, item: unknown): Item => {
    const now = table.now();
    for (const [id, { at }] of memory) if (now - at >= memoryMs) memory.delete(id);
    const parsed = z.parse(Item, item ?? {});
    memory.set(installationId, { at: now, item: parsed });
    return parsed;
  };
  /** Until when this process deferred installations itself. A read that began before must not hide it. */
  const ownDeferrals = new Map<number, number>();
  const rememberOwn = (installationId: number, untilMs: number): void => {
    for (const [id, until] of ownDeferrals) if (until <= table.now()) ownDeferrals.delete(id);
    ownDeferrals.set(installationId, Math.max(ownDeferrals.get(installationId) ?? 0, untilMs));
  };
  /** Adds what this process has written itself to what it remembers. */
  const change = (installationId: number, values: Item): void => {
    const known = memory.get(installationId);
    if (known !== undefined) memory.set(installationId, { at: known.at, item: { ...known.item, ...values } });
  };
  const read = async (installationId: number): Promise<Item> =>
    remember(installationId, await readItem(table, keyOf(installationId)));
  const toHold = (installationId: number, { until = 0, outageSince: since, outageUntil }: Item) => {
    const latest = Math.max(until, ownDeferrals.get(installationId) ?? 0);
    return {
      rateLimitedUntil: latest > table.now() ? latest : null,
      outage: since === undefined || outageUntil === undefined ? null : { since, until: outageUntil },
    };
  };
  const readHold = async (installationId: number) => toHold(installationId, await read(installationId));
  const holdOf: RateLimits['holdOf'] = async (installationId) => {
    const known = remembered(installationId) ?? (await read(installationId));
    return toHold(installationId, known);
  };
  /** Returns false if another worker recorded, extended or ended the outage since it was read. */
  const putOutage = (installationId: number, { since, until }: Outage, known: Outage | null): Promise<boolean> =>
    tryConditionalWrite(
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk: keyOf(installationId) },
          UpdateExpression: 'SET outageSince = :since, outageUntil = :until, expiresAt = :expiresAt',
          ConditionExpression:
            known === null ? 'attribute_not_exists(outageUntil) OR expiresAt <= :now' : 'outageUntil = :known',
          ExpressionAttributeValues: {
            ':since': since,
            ':until': until,
            ':expiresAt': expirySeconds(until, 1),
            ...(known === null ? nowSeconds(table) : { ':known': known.until }),
          },
        }),
      ),
    );
  return {
    deferUntil: async (installationId) => {
      const { rateLimitedUntil, outage } = await holdOf(installationId);
      const until = Math.max(rateLimitedUntil ?? 0, outage?.until ?? 0);
      return until > table.now() ? until : null;
    },
    holdOf,
    keyToRead: (installationId) => (remembered(installationId) === null ? keyOf(installationId) : null),
    remember: (installationId, item) => void remember(installationId, item),
    setDeferUntil: async (installationId, untilMs) => {
      await tryConditionalWrite(
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: { pk: keyOf(installationId) },
            UpdateExpression: 'SET #until = :until, expiresAt = :expiresAt',
            ConditionExpression: 'attribute_not_exists(#until) OR #until < :until',
            ExpressionAttributeNames: { '#until': 'until' },
            ExpressionAttributeValues: { ':until': untilMs, ':expiresAt': expirySeconds(untilMs, 1) },
          }),
        ),
      );
      rememberOwn(installationId, untilMs);
    },
    recordOutage: async (installationId) => {
      const { outage: known } = await readHold(installationId);
      const now = table.now();
      if (known !== null && known.until > now) return known.until;
      const since = known === null || now - known.until > forgottenAfterMs ? now : known.since;
      const outage = { since, until: now + outageWaitMs(now - since) };
      if (await putOutage(installationId, outage, known)) {
        change(installationId, { outageSince: outage.since, outageUntil: outage.until });
        return outage.until;
      }
      return (await readHold(installationId)).outage?.until ?? now + minWaitMs;
    },
    endOutage: async (installationId, { until }) => {
      await tryConditionalWrite(
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: { pk: keyOf(installationId) },
            UpdateExpression: 'REMOVE outageSince, outageUntil',
            ConditionExpression: 'outageUntil = :until',
            ExpressionAttributeValues: { ':until': until },
          }),
        ),
      );
      memory.delete(installationId);
    },
  };
}
