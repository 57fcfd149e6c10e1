import { randomUUID } from 'node:crypto';
import { Code } from '@dispatcher/contracts';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { writtenIf } from '../conditions.ts';
import { readItem, type StateTable } from './table.ts';

/** The tracking issue of one route, in the source's repository. */
export const IssueRecord = z.object({
  number: z.int(),
  htmlUrl: z.string(),
  state: z.enum(['open', 'closed']),
  /** What it said last, and for which run: a repeat of that run has nothing to add. */
  lastCode: Code,
  lastRunKey: z.string(),
});
export type IssueRecord = z.infer<typeof IssueRecord>;

export type IssueClaim =
  | {
      readonly state: 'claimed';
      /** Names this claim when it is recorded or given back. */
      readonly lease: string;
      /** Null where no issue of the route is recorded. */
      readonly issue: IssueRecord | null;
      /** An earlier worker claimed and never said what came of it: GitHub may have its issue, or its comment. */
      readonly abandoned: boolean;
    }
  | { readonly state: 'busy'; readonly until: number };

export interface TrackingIssues {
  /** Of two workers only one may open or change the route's issue. The lease ends by itself, for a worker that died. */
  claim(routeId: string): Promise<IssueClaim>;
  /** Says what came of it and gives the claim back. @throws LeaseLost where it ended in between. */
  record(routeId: string, lease: string, issue: IssueRecord): Promise<void>;
  /** Gives the claim back where GitHub certainly has nothing new. */
  release(routeId: string, lease: string): Promise<void>;
  find(routeId: string): Promise<IssueRecord | null>;
}

export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

// Longer than a worker's longest life with the issue: three calls to GitHub of at most 8 s each.
const leaseMs = 60_000;

const IssueItem = z.object({
  issue: z.optional(IssueRecord),
  lease: z.optional(z.string()),
  leaseUntil: z.optional(z.number()),
});
type IssueItem = z.infer<typeof IssueItem>;

// No time to live: an issue that was forgotten would be opened a second time.
export function createTrackingIssues(table: StateTable): TrackingIssues {
  const read = async (routeId: string): Promise<IssueItem> => {
    const item = await readItem(table, `issue#${routeId}`);
    return item === null ? {} : z.parse(IssueItem, item);
  };
  const update = (routeId: string, expression: string, condition: string, values: Record<string, unknown>) =>
    writtenIf(
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk: `issue#${routeId}` },
          UpdateExpression: expression,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      ),
    );
  return {
    claim: async (routeId) => {
      const before = await read(routeId);
      const now = table.now();
      if (before.leaseUntil !== undefined && before.leaseUntil > now)
        return { state: 'busy', until: before.leaseUntil };
      const lease = randomUUID();
      await update(
        routeId,
        'SET lease = :lease, leaseUntil = :until',
        before.lease === undefined ? 'attribute_not_exists(lease)' : 'lease = :before',
        {
          ':lease': lease,
          ':until': now + leaseMs,
          ...(before.lease === undefined ? {} : { ':before': before.lease }),
        },
      );
      // What stands now decides: another worker may have claimed, recorded and given back since the first read, and the
      // SDK may have repeated our own write after a lost answer.
      const after = await read(routeId);
      if (after.lease !== lease) return { state: 'busy', until: after.leaseUntil ?? now };
      return { state: 'claimed', lease, issue: after.issue ?? null, abandoned: before.lease !== undefined };
    },
    record: async (routeId, lease, issue) => {
      const values = { ':lease': lease, ':issue': issue };
      if (await update(routeId, 'SET issue = :issue REMOVE lease, leaseUntil', 'lease = :lease', values)) return;
      throw new LeaseLost(
        `The claim on the issue of route ${routeId} ended before its result was recorded; try again.`,
      );
    },
    release: async (routeId, lease) => {
      await update(routeId, 'REMOVE lease, leaseUntil', 'lease = :lease', { ':lease': lease });
    },
    find: async (routeId) => (await read(routeId)).issue ?? null,
  };
}
