import { randomUUID } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { expirySeconds, readItem, retentionDays, type StateTable } from './state-table.ts';
import { LeaseLostError } from './tracking-issues.ts';
import { updateLive } from './update-live.ts';

/** What is known of one check run at GitHub. */
export const CheckRecord = z.object({
  /** GitHub's id; null while it is not known whether the check run exists. */
  id: z.nullable(z.int()),
  /** When the request that creates it was about to be sent, in milliseconds since the epoch; null once its result is known. */
  creatingAt: z.nullable(z.number()),
  /** Digest of what the check run shows; null before the first write. */
  shown: z.nullable(z.string()),
  isCompleted: z.boolean(),
  /** When it was last written. */
  writtenAt: z.number(),
  /** Why GitHub refuses the check run for good: the repository is archived, the commit unknown, the check run deleted. */
  refused: z.optional(z.string()),
});
export type CheckRecord = z.infer<typeof CheckRecord>;

/** What GitHub said about a started run when it was last read. */
export const StartedRunState = z.object({
  attempt: z.int(),
  status: z.string(),
  conclusion: z.nullable(z.string()),
  startedAt: z.nullable(z.string()),
  updatedAt: z.nullable(z.string()),
});
export type StartedRunState = z.infer<typeof StartedRunState>;

/** The check runs about one thing: about a plan, for example. */
export const CheckGroup = z.object({
  /** By name. */
  checks: z.record(z.string(), CheckRecord),
  /** By dispatch id. */
  runs: z.record(z.string(), StartedRunState),
  /** The revisions of the plan that are reported, and the newest that decided on all routes. */
  revisions: z.array(z.int()),
  fullRevision: z.int(),
  /** The ids of the newest actions of people and operators that asked to write the checks again. */
  refreshes: z.array(z.string()),
  /** Since when check runs are open, or were until they were overdue, in milliseconds since the epoch; absent: none is open. */
  openSince: z.optional(z.number()),
});
export type CheckGroup = z.infer<typeof CheckGroup>;

export type CheckClaim =
  | {
      readonly state: 'claimed';
      readonly lease: string;
      /** Milliseconds since the epoch. The worker sends no request whose response could arrive later. */
      readonly until: number;
      readonly group: CheckGroup;
    }
  | { readonly state: 'busy' };

export interface CheckRecords {
  /** Claims the group, so that only one worker at a time writes its check runs. The lease expires. */
  claim(key: string): Promise<CheckClaim>;
  /** Stores the group and keeps the claim. @throws LeaseLostError if the lease was lost */
  save(key: string, lease: string, group: CheckGroup): Promise<void>;
  /** Stores the group and releases the claim. @throws LeaseLostError if the lease was lost */
  release(key: string, lease: string, group: CheckGroup): Promise<void>;
  /** Releases the claim and leaves the group as it was last saved. Does nothing if the lease was lost. */
  releaseClaim(key: string, lease: string): Promise<void>;
}

const leaseMs = 60_000;

const Claimed = z.object({
  group: z.optional(CheckGroup),
  lease: z.optional(z.string()),
  leaseUntil: z.optional(z.number()),
});

export const checkGroupKey = (key: string): string => `checks#${key}`;

export function createCheckRecords(table: StateTable): CheckRecords {
  const update = (key: string, expression: string, values: Record<string, unknown>, names?: Record<string, string>) =>
    tryConditionalWrite(
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk: checkGroupKey(key) },
          UpdateExpression: expression,
          ConditionExpression: 'lease = :lease',
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: values,
        }),
      ),
    );
  const store = async (key: string, lease: string, group: CheckGroup, suffix: string) => {
    const values = { ':lease': lease, ':group': group, ':expiresAt': expirySeconds(table.now(), retentionDays) };
    const expression = `SET #group = :group, expiresAt = :expiresAt${suffix}`;
    if (await update(key, expression, values, { '#group': 'group' })) return;
    throw new LeaseLostError(
      `The claim on the checks of ${key} expired before their state was recorded. Retry the message.`,
    );
  };
  return {
    claim: async (key) => {
      const now = table.now();
      const lease = randomUUID();
      const until = now + leaseMs;
      const claimed = await updateLive(table, checkGroupKey(key), {
        UpdateExpression: 'SET lease = :lease, leaseUntil = :until, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(leaseUntil) OR leaseUntil <= :now',
        ExpressionAttributeValues: {
          ':lease': lease,
          ':until': until,
          ':now': now,
          ':expiresAt': expirySeconds(now, retentionDays),
        },
        ReturnValues: 'ALL_NEW',
      });
      // The SDK may have sent the write twice and failed on its own lease.
      const item = z.parse(Claimed, claimed ?? (await readItem(table, checkGroupKey(key))) ?? {});
      if (item.lease !== lease) return { state: 'busy' };
      return { state: 'claimed', lease, until, group: item.group ?? emptyGroup() };
    },
    save: (key, lease, group) => store(key, lease, group, ''),
    release: (key, lease, group) => store(key, lease, group, ' REMOVE lease, leaseUntil'),
    releaseClaim: async (key, lease) => {
      await update(key, 'REMOVE lease, leaseUntil', { ':lease': lease });
    },
  };
}

/** Returns what an item records; an empty group if there is none. */
export function parseCheckGroup(item: Readonly<Record<string, unknown>> | null): CheckGroup {
  return z.parse(Claimed, item ?? {}).group ?? emptyGroup();
}

function emptyGroup(): CheckGroup {
  return { checks: {}, runs: {}, revisions: [], fullRevision: 0, refreshes: [] };
}
