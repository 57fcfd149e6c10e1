import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { readItem, expirySeconds, type StateTable } from './state-table.ts';

/** Stores GitHub's rate limits by installation, so that its other messages are deferred without a call to GitHub. */
export interface RateLimits {
  /** Returns until when the installation makes no call, in milliseconds since the epoch; null if it may call now. */
  deferUntil(installationId: number): Promise<number | null>;
  /** Sets the deferral, or leaves a longer one in place. */
  setDeferUntil(installationId: number, untilMs: number): Promise<void>;
  /** Returns true for one caller a minute: that caller reports the installation's remaining budget of this resource. */
  claimReport(installationId: number, resource: string): Promise<boolean>;
}

const minuteMs = 60_000;

export function createRateLimits(table: StateTable): RateLimits {
  /** Raises a stored number; never lowers it. */
  const raise = (pk: string, to: number, usedUntil: number): Promise<boolean> =>
    tryConditionalWrite(
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk },
          UpdateExpression: 'SET #until = :until, expiresAt = :expiresAt',
          ConditionExpression: 'attribute_not_exists(#until) OR #until < :until',
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: { ':until': to, ':expiresAt': expirySeconds(usedUntil, 1) },
        }),
      ),
    );
  return {
    deferUntil: async (installationId) => {
      const item = await readItem(table, `rate-limit#${installationId}`);
      if (item === null) return null;
      const { until } = z.parse(z.object({ until: z.number() }), item);
      return until > table.now() ? until : null;
    },
    setDeferUntil: async (installationId, untilMs) => {
      await raise(`rate-limit#${installationId}`, untilMs, untilMs);
    },
    claimReport: (installationId, resource) => {
      const now = table.now();
      return raise(`budget-report#${installationId}#${resource}`, Math.floor(now / minuteMs), now);
    },
  };
}
