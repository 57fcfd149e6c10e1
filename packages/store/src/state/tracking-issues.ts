import { randomUUID } from 'node:crypto';
import { Code, DateTime } from '@dispatcher/contracts';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { readItem, type StateTable } from './state-table.ts';

/** The result of one decision, as the tracking issue of its route reports it. */
export const IssueResult = z.object({
  /** Id of the decision's fact. A fact that is already listed is not reported again. */
  decidedId: z.string(),
  /**
   * When the source's run ended or, for the issue of a repository, when the plan was made. Results are listed in this
   * order, regardless of the order of arrival.
   */
  endedAt: DateTime,
  runUrl: z.string(),
  code: Code,
  /** What distinguishes two results with the same code: for the issue of a route, a digest of what it shows. */
  detail: z.optional(z.string()),
  /** For the issue of a repository: the workflow of the run. */
  workflow: z.optional(z.string()),
  /** What was done to the issue. A redelivery reports this action again. */
  action: z.enum(['opened', 'updated', 'noted', 'closed']),
});
export type IssueResult = z.infer<typeof IssueResult>;

/** The tracking issue of one route or of one repository, in the source repository. */
export const IssueRecord = z.object({
  number: z.int(),
  htmlUrl: z.string(),
  state: z.enum(['open', 'closed']),
  /** The latest results, newest first. */
  results: z.array(IssueResult),
});
export type IssueRecord = z.infer<typeof IssueRecord>;

export type IssueClaim =
  | {
      readonly state: 'claimed';
      /** Identifies this claim when it is recorded or released. */
      readonly lease: string;
      /** Milliseconds since the epoch. The worker sends no request whose response could arrive later. */
      readonly until: number;
      /** Null if no issue is recorded. */
      readonly issue: IssueRecord | null;
      /** As in {@link IssueItem}; null if no start has waited. */
      readonly waitingRunEndedAt: number | null;
      /** An earlier claim expired without a result, so GitHub may already have that worker's issue or comment. */
      readonly abandoned: boolean;
    }
  | { readonly state: 'busy' };

export interface TrackingIssues {
  /**
   * Claims the issue, so that only one worker at a time opens or changes it. The lease expires, so a crashed worker
   * does not hold it forever.
   * @param name what the issue is about: a route id; for an issue about one start, a dispatch id; for the issue of a
   * repository, `plans-` and its id
   */
  claimIssue(name: string): Promise<IssueClaim>;
  /** Records the result and releases the claim. @throws LeaseLostError if the lease expired in the meantime */
  recordIssue(name: string, lease: string, issue: IssueRecord): Promise<void>;
  /** Releases the claim without a result. Only for a worker that certainly changed nothing at GitHub. */
  releaseClaim(name: string, lease: string): Promise<void>;
  /**
   * Records that a start waits that will close the issue. Keeps the newest run, and does nothing if no issue is recorded.
   * @param runEndedAt when the source's run ended, in milliseconds since the epoch
   */
  putWaitingStart(name: string, runEndedAt: number): Promise<void>;
}

export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

// Longer than a worker needs for the issue: three calls to GitHub of at most 8 s each.
const leaseMs = 60_000;

export const IssueItem = z.object({
  issue: z.optional(IssueRecord),
  lease: z.optional(z.string()),
  leaseUntil: z.optional(z.number()),
  /** When the newest run ended whose start has waited while the issue was open, in milliseconds since the epoch. */
  waitingRunEndedAt: z.optional(z.number()),
});
export type IssueItem = z.infer<typeof IssueItem>;

export const issueKey = (name: string): string => `issue#${name}`;

/** Returns an empty item for an issue of which nothing is stored. */
export function parseIssueItem(item: Readonly<Record<string, unknown>> | null): IssueItem {
  return item === null ? {} : z.parse(IssueItem, item);
}

// Without expiry: a deleted record would cause a second issue.
export function createTrackingIssues(table: StateTable): TrackingIssues {
  const read = async (name: string): Promise<IssueItem> => parseIssueItem(await readItem(table, issueKey(name)));
  const update = (name: string, expression: string, condition: string, values: Record<string, unknown>) =>
    tryConditionalWrite(
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk: issueKey(name) },
          UpdateExpression: expression,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      ),
    );
  return {
    claimIssue: async (name) => {
      const before = await read(name);
      const now = table.now();
      if (before.leaseUntil !== undefined && before.leaseUntil > now) return { state: 'busy' };
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
      // The second read decides: another worker may have claimed, recorded and released since the first read, and the SDK
      // may have retried this write after a lost response.
      const after = await read(name);
      if (after.lease !== lease) return { state: 'busy' };
      return {
        state: 'claimed',
        lease,
        until: now + leaseMs,
        issue: after.issue ?? null,
        waitingRunEndedAt: after.waitingRunEndedAt ?? null,
        abandoned: before.lease !== undefined,
      };
    },
    recordIssue: async (name, lease, issue) => {
      const values = { ':lease': lease, ':issue': issue };
      if (await update(name, 'SET issue = :issue REMOVE lease, leaseUntil', 'lease = :lease', values)) return;
      throw new LeaseLostError(
        `The claim on the issue of ${name} expired before its result was recorded. Retry the message.`,
      );
    },
    releaseClaim: async (name, lease) => {
      await update(name, 'REMOVE lease, leaseUntil', 'lease = :lease', { ':lease': lease });
    },
    putWaitingStart: async (name, runEndedAt) => {
      const isNewest = '(attribute_not_exists(waitingRunEndedAt) OR waitingRunEndedAt < :runEndedAt)';
      await update(name, 'SET waitingRunEndedAt = :runEndedAt', `attribute_exists(issue) AND ${isNewest}`, {
        ':runEndedAt': runEndedAt,
      });
    },
  };
}
