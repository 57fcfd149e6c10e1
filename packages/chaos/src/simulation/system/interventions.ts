import { DeleteCommand, type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createStateStore, decodePlan, StoredPlan } from '@dispatcher/store';
import { putPlan } from '@dispatcher/store/testing';
import type { Clock } from './clock.ts';
import type { MutationCounter } from './mutation-counter.ts';
import { tableName } from './simulated-dynamodb.ts';
import type { Intervention } from './worker-process.ts';

export interface RecordedIntervention {
  readonly kind: Intervention;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** When it ended. Infinite for what nobody takes back. */
  readonly until: number;
}

interface InterventionDependencies {
  readonly client: DynamoDBDocumentClient;
  readonly clock: Clock;
  readonly mutations: MutationCounter;
  readonly schedule: (at: number, work: () => Promise<void>) => void;
  /** Withdraws the consent of every target. */
  readonly withdraw: () => Promise<void>;
}

/** Longer than any lease and visibility timeout, and than DECISION_MAX_AGE. */
const pauseMs = 10 * 60_000;

/** Creates what happens outside the workers: by operators, by the owners of targets, or by a restore of the table. */
export function createInterventions({ client, clock, mutations, schedule, withdraw }: InterventionDependencies) {
  const recorded: RecordedIntervention[] = [];
  const table = tableName('plans');
  const { pause } = createStateStore({ client, table: tableName('state'), now: clock.now });
  const putPause = (paused: boolean) =>
    pause.putPause({
      paused,
      changedAt: new Date(clock.now()).toISOString(),
      operator: 'octocat',
      reason: 'a bad release',
    });
  /** Each returns whether it changed something. */
  const effects: Record<Intervention, () => Promise<boolean>> = {
    pause: async () => {
      await putPause(true);
      schedule(clock.now() + pauseMs, () => putPause(false));
      return true;
    },
    withdraw: async () => {
      await withdraw();
      return true;
    },
    'lose-plan': async () => {
      const plans = await readPlans(client, table);
      for (const { key } of plans) await client.send(new DeleteCommand({ TableName: table, Key: key }));
      return plans.length > 0;
    },
    'change-plan': async () => {
      const plans = await readPlans(client, table);
      for (const { stored } of plans) {
        const decisions = stored.plan.decisions.map((decision) => ({
          ...decision,
          effect: 'deny' as const,
          code: 'inbound-no-match' as const,
        }));
        await putPlan(client, table, { ...stored, plan: { ...stored.plan, decisions } });
      }
      return plans.length > 0;
    },
  };
  return {
    recorded: recorded as readonly RecordedIntervention[],
    intervene: async (kind: Intervention): Promise<void> => {
      const at = clock.now();
      mutations.increment();
      // Before the first plan is stored, there is none to lose: nothing happened.
      if (!(await effects[kind]())) return;
      recorded.push({ kind, at, until: kind === 'pause' ? at + pauseMs : Number.POSITIVE_INFINITY });
    },
  };
}

/** Returns the finished plans. */
async function readPlans(client: DynamoDBDocumentClient, table: string) {
  const { Items: items = [] } = await client.send(
    new ScanCommand({
      TableName: table,
      FilterExpression: '#status = :completed',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':completed': 'COMPLETED' },
    }),
  );
  return items.map((item) => ({
    key: { pk: item['pk'], sk: item['sk'] },
    stored: StoredPlan.parse(JSON.parse(decodePlan(item['data'] as Uint8Array))),
  }));
}
