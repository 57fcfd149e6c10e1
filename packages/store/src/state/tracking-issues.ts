import { randomUUID } from 'node:crypto';
import { Code } from '@dispatcher/contracts';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { readItem, type StateTable } from './state-table.ts';

/** What one decision came to, as its route's issue tells it. */
export const IssueResult = z.object({
  /** The decision's fact: a repeat of it has nothing to add. */
  decidedId: z.string(),
  /** When the source's run ended: results are told in this order, whatever order they come in. */
  endedAt: z.iso.datetime(),
  runUrl: z.string(),
  code: Code,
  /** What was done about it, for whoever tells it again. */
  action: z.enum(['opened', 'updated', 'noted', 'closed']),
});
export type IssueResult = z.infer<typeof IssueResult>;

/** The tracking issue of one route, in the source's repository. */
export const IssueRecord = z.object({
  number: z.int(),
  htmlUrl: z.string(),
  state: z.enum(['open', 'closed']),
  /** The last ones, newest first. */
  results: z.array(IssueResult),
});
export type IssueRecord = z.infer<typeof IssueRecord>;

export type IssueClaim =
  | {
      readonly state: 'claimed';
      /** Names this claim when it is recorded or given back. */
      readonly lease: string;
      /** Milliseconds since the epoch. Nothing is opened whose answer could come later. */
      readonly until: number;
      /** Null where none is recorded. */
      readonly issue: IssueRecord | null;
      /** An earlier worker claimed and never said what came of it: GitHub may have its issue, or its comment. */
      readonly abandoned: boolean;
    }
  | { readonly state: 'busy'; readonly until: number };

export interface TrackingIssues {
  /**
   * Of two workers only one may open or change the issue. The lease ends by itself, for a worker that died.
   * @param name of what has the issue: a route id; for the issue about one start, its dispatch id
   */
  claim(name: string): Promise<IssueClaim>;
  /** Says what came of it and gives the claim back. @throws LeaseLost where it ended in between. */
  record(name: string, lease: string, issue: IssueRecord): Promise<void>;
  /** Gives the claim back where GitHub certainly has nothing new. */
  release(name: string, lease: string): Promise<void>;
  find(name: string): Promise<IssueRecord | null>;
}

export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
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
  const read = async (name: string): Promise<IssueItem> => {
    const item = await readItem(table, `issue#${name}`);
    return item === null ? {} : z.parse(IssueItem, item);
  };
  const update = (name: string, expression: string, condition: string, values: Record<string, unknown>) =>
    tryConditionalWrite(
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk: `issue#${name}` },
          UpdateExpression: expression,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      ),
    );
  return {
    claim: async (name) => {
      const before = await read(name);
      const now = table.now();
      if (before.leaseUntil !== undefined && before.leaseUntil > now)
        return { state: 'busy', until: before.leaseUntil };
      const lease = randomUUID();
      await update(
        name,
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
      const after = await read(name);
      if (after.lease !== lease) return { state: 'busy', until: after.leaseUntil ?? now };
      return {
        state: 'claimed',
        lease,
        until: now + leaseMs,
        issue: after.issue ?? null,
        abandoned: before.lease !== undefined,
      };
    },
    record: async (name, lease, issue) => {
      const values = { ':lease': lease, ':issue': issue };
      if (await update(name, 'SET issue = :issue REMOVE lease, leaseUntil', 'lease = :lease', values)) return;
      throw new LeaseLostError(`The claim on the issue of ${name} ended before its result was recorded; try again.`);
    },
    release: async (name, lease) => {
      await update(name, 'REMOVE lease, leaseUntil', 'lease = :lease', { ':lease': lease });
    },
    find: async (name) => (await read(name)).issue ?? null,
  };
}
