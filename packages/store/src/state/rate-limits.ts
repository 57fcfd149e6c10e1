import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { readItem, expirySeconds, type StateTable } from './state-table.ts';

/** A rate limit is a state of the installation: its other messages are deferred without a call. */
export interface RateLimits {
  /** Milliseconds since the epoch until when the installation makes no call; null where it may call now. */
  deferUntil(installationId: number): Promise<number | null>;
  /** Never shortens a deferral: of two answers the one that asks for more patience counts. */
  setDeferUntil(installationId: number, untilMs: number): Promise<void>;
  /** True for one caller a minute: who may tell of the installation's remaining budget of that name. */
  claimReport(installationId: number, resource: string): Promise<boolean>;
}

const minuteMs = 60_000;

export function createRateLimits(table: StateTable): RateLimits {
  /** Moves a number on, never back. */
  const raise = (pk: string, to: number, keptUntil: number): Promise<boolean> =>
    tryConditionalWrite(
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk },
          UpdateExpression: 'SET #until = :until, expiresAt = :expiresAt',
          ConditionExpression: 'attribute_not_exists(#until) OR #until < :until',
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: { ':until': to, ':expiresAt': expirySeconds(keptUntil, 1) },
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
