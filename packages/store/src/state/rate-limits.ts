import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { writtenIf } from '../conditions.ts';
import { readItem, secondsFrom, type StateTable } from './table.ts';

/** A rate limit is a state of the installation: its other messages are deferred without a call. */
export interface RateLimits {
  /** Milliseconds since the epoch until when the installation makes no call; null where it may call now. */
  deferUntil(installationId: number): Promise<number | null>;
  /** Never shortens a deferral: of two answers the one that asks for more patience counts. */
  setDeferUntil(installationId: number, untilMs: number): Promise<void>;
}

function limitKey(installationId: number): string {
  return `rate-limit#${installationId}`;
}

export function createRateLimits(table: StateTable): RateLimits {
  return {
    deferUntil: async (installationId) => {
      const item = await readItem(table, limitKey(installationId));
      if (item === null) return null;
      const { until } = z.parse(z.object({ until: z.number() }), item);
      return until > table.now() ? until : null;
    },
    setDeferUntil: async (installationId, untilMs) => {
      await writtenIf(
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: { pk: limitKey(installationId) },
            UpdateExpression: 'SET #until = :until, expiresAt = :expiresAt',
            ConditionExpression: 'attribute_not_exists(#until) OR #until < :until',
            ExpressionAttributeNames: { '#until': 'until' },
            ExpressionAttributeValues: { ':until': untilMs, ':expiresAt': secondsFrom(untilMs, 1) },
          }),
        ),
      );
    },
  };
}
