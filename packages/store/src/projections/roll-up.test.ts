import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DeadLetterActed, DeliveriesChecked, Fact, PauseChanged, RouteDecided } from '@dispatcher/contracts';
import { factId } from '@dispatcher/contracts';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { FactStore } from '../fact-store.ts';
import { createFoldingStore } from '../testing/folding-store.ts';
import { createMemoryDynamo } from '../testing/memory-dynamo.ts';
import { accepted, completed, deadLettered, planFacts, sampleRun } from '@dispatcher/projections/testing';
import { DeadLetterSummary, type SweepProgress, Summary, Trend } from '@dispatcher/projections';
import { createBudgetStore } from './budgets.ts';
import { createSweepProgressStore } from './sweep-progress.ts';

const start = Date.parse('2026-11-03T14:00:00Z');
const minutes = (count: number): number => start + count * 60_000;
const timeAt = (count: number): string => new Date(minutes(count)).toISOString();

let client: DynamoDBDocumentClient;
let store: FactStore;
beforeEach(() => {
  client = createMemoryDynamo().newClient();
  store = createFoldingStore({ client, table: 'facts', projectionsTable: 'projections' });
});

function runAt(minute: number, number: number): Fact[] {
  const [planned, decided] = planFacts(sampleRun(number, timeAt(minute)), ['allow'], timeAt(minute));
  const fact = decided as RouteDecided;
  return [planned, fact, accepted(fact, timeAt(minute)), completed(fact, timeAt(minute))];
}

function acted(
  deadLetter: ReturnType<typeof deadLettered>,
  result: DeadLetterActed['data']['result'],
  minute: number,
): Fact {
  const { queue, messageId, reason: deadLetterReason } = deadLetter.data;
  const id = factId('dead-letter.acted', deadLetter.id, minute);
  const action = result === 'discarded' ? 'discard' : 'redrive';
  const what = {
    actionId: id,
    deadLetterId: deadLetter.id,
    queue,
    messageId,
    deadLetterReason,
    action,
    result,
  } as const;
  return {
    version: 1,
    id,
    type: 'dead-letter.acted',
    time: timeAt(minute),
    correlationId: deadLetter.correlationId,
    data: { ...what, operator: 'ada', reason: 'fixed' },
  };
}

function checkedAt(minute: number): DeliveriesChecked {
  const id = factId('deliveries.checked', minute);
  const counts = { complete: true, scanned: 0, failed: 0, redelivered: [], planned: 0, ignored: 0, givenUp: 0 };
  const data = { checkedUntil: timeAt(minute), lagMs: 0, ...counts };
  return { version: 1, id, type: 'deliveries.checked', time: timeAt(minute), correlationId: id, data };
}

function sweepOf(installationId: number, account: string | null, seesPolicy: boolean): SweepProgress {
  const counts = { repositories: 1, read: 1, unread: 0, changed: 0, gone: 0, restRequests: 1, graphqlRequests: 1 };
  const grant = { permissions: {}, events: [] };
  const access = { granted: grant, requested: grant, selection: seesPolicy ? 'all' : 'selected', seesPolicy } as const;
  return { installationId, account, state: 'done', startedAt: timeAt(0), seenAt: timeAt(0), ...counts, access };
}

describe('windows', () => {
  test('a run leaves the hour after 60 minutes, the day after 24 hours and the week after 168 hours, but not all time', async () => {
    await store.recordFacts(runAt(30, 1));
    const received = async (at: number) => {
      await store.rollUp.setSummaries(at);
      const windows = await Promise.all(
        (['hour', 'day', 'week', 'all'] as const).map((window) => store.summary(window)),
      );
      return windows.map((summary) => summary?.deliveries.received);
    };
    expect(await received(minutes(30))).toEqual([1, 1, 1, 1]);
    expect(await received(minutes(89))).toEqual([1, 1, 1, 1]);
    expect(await received(minutes(90))).toEqual([0, 1, 1, 1]);
    expect(await received(minutes(23 * 60 + 59))).toEqual([0, 1, 1, 1]);
    expect(await received(minutes(24 * 60))).toEqual([0, 0, 1, 1]);
    expect(await received(minutes(168 * 60 - 1))).toEqual([0, 0, 1, 1]);
    expect(await received(minutes(168 * 60))).toEqual([0, 0, 0, 1]);
  });

  test('the trend has 48 hours, including those without facts, and advances with the clock', async () => {
    await store.recordFacts([...runAt(5, 1), ...runAt(65, 2), ...runAt(70, 3)]);
    await store.rollUp.setSummaries(minutes(119));
    const trend = Trend.parse(await store.trend());
    expect(trend.hours).toHaveLength(48);
    expect(trend.hours.slice(-2).map(({ hour, deliveries, succeeded }) => [hour, deliveries, succeeded])).toEqual([
      ['2026-11-03T14:00:00.000Z', 1, 1],
      ['2026-11-03T15:00:00.000Z', 2, 2],
    ]);
    await store.rollUp.setSummaries(minutes(48 * 60));
    expect((await store.trend())?.hours.map(({ deliveries }) => deliveries)).toEqual([2, ...Array<number>(47).fill(0)]);
  });

  test('without facts the summary is zero, and before the first roll-up null', async () => {
    expect(await store.summary('day')).toBeNull();
    await store.rollUp.setSummaries(minutes(0));
    const summary = Summary.parse(await store.summary('day'));
    expect(summary).toMatchObject({
      deliveries: { received: 0, repeated: 0 },
      plans: {},
      freshness: { lastDeliveryAt: null },
    });
  });
});

describe('a roll-up', () => {
  test('repeated, concurrent or after a gap writes the same values as a single one', async () => {
    await store.recordFacts([...runAt(1, 1), ...runAt(2, 2)]);
    await store.rollUp.setSummaries(minutes(10));
    const once = await store.summary('hour');
    await store.rollUp.setSummaries(minutes(10));
    await Promise.all([store.rollUp.setSummaries(minutes(10)), store.rollUp.setSummaries(minutes(10))]);
    expect(await store.summary('hour')).toEqual(once);
    await store.recordFacts(runAt(20, 3));
    await store.rollUp.setSummaries(minutes(50));
    expect((await store.summary('hour'))?.deliveries.received).toBe(3);
  });

  test('that is late does not overwrite a newer one', async () => {
    await store.recordFacts(runAt(1, 1));
    await store.rollUp.setSummaries(minutes(20));
    await store.rollUp.setSummaries(minutes(10));
    expect((await store.summary('all'))?.rolledUpAt).toBe(timeAt(20));
    expect((await store.trend())?.rolledUpAt).toBe(timeAt(20));
  });

  test('of an earlier minute does not replace newer samples of the queues, and takes over when each was last empty', async () => {
    const queue = (waiting: number) => [{ queue: 'runs', waiting, inFlight: 0, delayed: 0 }];
    await store.rollUp.setQueues(minutes(1), queue(0));
    await store.rollUp.setQueues(minutes(3), queue(7));
    await store.rollUp.setQueues(minutes(2), queue(0));
    await store.rollUp.setStatus(minutes(4));
    expect((await store.status())?.queues).toEqual([{ queue: 'runs', waiting: 7, lastEmptyAt: timeAt(1) }]);
    expect(await store.queues()).toEqual({
      sampledAt: timeAt(3),
      queues: [{ queue: 'runs', waiting: 7, inFlight: 0, delayed: 0, lastEmptyAt: timeAt(1) }],
    });
  });

  test('stores the pause that is in force with the status, from the newest fact', async () => {
    const change = (action: 'paused' | 'resumed', minute: number): PauseChanged => ({
      id: `pause-${minute}`,
      type: 'pause.changed',
      version: 1,
      time: timeAt(minute),
      correlationId: `action-${minute}`,
      data: { actionId: `action-${minute}`, action, operator: 'ada', reason: `Reason ${minute}.` },
    });
    const pauseAfter = async (minute: number, ...changes: PauseChanged[]) => {
      await store.recordFacts(changes);
      await store.rollUp.setStatus(minutes(minute));
      return (await store.status())?.pause;
    };
    expect(await pauseAfter(21)).toBeUndefined();
    const paused = await pauseAfter(22, change('paused', 20));
    expect(paused).toEqual({ since: timeAt(20), operator: 'ada', reason: 'Reason 20.' });
    expect(await pauseAfter(23, change('resumed', 22))).toBeUndefined();
    // The fact of an earlier change can be recorded later.
    expect(await pauseAfter(24, change('paused', 21))).toBeUndefined();
    expect(await pauseAfter(25, change('paused', 24))).toMatchObject({ since: timeAt(24) });
  });

  test('stores when GitHub last responded, and whose policy cannot be seen', async () => {
    const setStatus = async (minute: number) => {
      await store.rollUp.setStatus(minutes(minute));
      const { gitHubRespondedAt, unseenPolicies } = (await store.status()) ?? {};
      return { gitHubRespondedAt, unseenPolicies };
    };
    expect(await setStatus(1)).toEqual({ gitHubRespondedAt: undefined, unseenPolicies: [] });
    const budgets = createBudgetStore({ client, table: 'projections' });
    const budget = { resource: 'core', limit: 5_000, remaining: 4_000, resetsAt: timeAt(60) };
    await budgets.setBudget({ ...budget, installationId: 7, seenAt: timeAt(2) });
    await budgets.setBudget({ ...budget, installationId: 8, seenAt: timeAt(1) });
    const sweeps = createSweepProgressStore({ client, table: 'projections' });
    await sweeps.setProgress(sweepOf(7, 'octo', true));
    await sweeps.setProgress(sweepOf(8, 'acme', false));
    await sweeps.setProgress(sweepOf(9, null, false));
    expect(await setStatus(3)).toEqual({ gitHubRespondedAt: timeAt(2), unseenPolicies: ['acme'] });
    await store.recordFacts([checkedAt(5)]);
    await store.rollUp.setSummaries(minutes(6));
    expect(await setStatus(7)).toMatchObject({ gitHubRespondedAt: timeAt(5) });
  });

  test('scans undelivered events once in each interval when several run', async () => {
    const claims = await Promise.all(['14:00', '14:00', '14:00'].map((interval) => store.rollUp.claimScan(interval)));
    expect(claims.filter((claimed) => claimed)).toHaveLength(1);
    expect(await store.rollUp.claimScan('14:10')).toBe(true);
  });
});

describe('dead letters', () => {
  const deadLetters = [1, 2, 3].map((number) => deadLettered(`m${number}`, timeAt(number), `delivery-${number}`));
  const [first, second, third] = deadLetters as [
    (typeof deadLetters)[0],
    (typeof deadLetters)[0],
    (typeof deadLetters)[0],
  ];
  const summary = async (held: number) => {
    await store.rollUp.setDeadLetterSummary(minutes(10 + held), new Map([['runs', held]]));
    return DeadLetterSummary.parse(await store.deadLetterSummary());
  };

  test('are counted by queue and reason while they are in the queue, with the newest as a sample', async () => {
    await store.recordFacts([first, second, third, acted(third, 'redriven', 5), acted(second, 'quarantined', 6)]);
    const { groups, queues } = await summary(2);
    expect(groups).toMatchObject([
      { queue: 'runs', reason: 'message-invalid', open: 2, sample: { messageId: 'm2', state: 'quarantined' } },
    ]);
    expect(queues).toEqual([{ queue: 'runs', recorded: 2, queueDepth: 2, difference: 0 }]);
  });

  test('that were acted on twice or before they were recorded are counted once', async () => {
    await store.recordFacts([acted(first, 'discarded', 9)]);
    await store.recordFacts([first]);
    await store.recordFacts([second, acted(second, 'redriven', 4)]);
    await store.recordFacts([acted(second, 'discarded', 5), acted(first, 'discarded', 8), third]);
    expect((await summary(1)).queues).toEqual([{ queue: 'runs', recorded: 1, queueDepth: 1, difference: 0 }]);
  });

  test('that only SQS or only the facts contain are shown as a difference', async () => {
    await store.recordFacts([first]);
    expect((await summary(3)).queues).toEqual([{ queue: 'runs', recorded: 1, queueDepth: 3, difference: 2 }]);
    await store.rollUp.setDeadLetterSummary(minutes(30), new Map([['runs', 0]]));
    expect((await store.deadLetterSummary())?.queues).toEqual([
      { queue: 'runs', recorded: 1, queueDepth: 0, difference: -1 },
    ]);
  });

  test('that all left the queue leave no group', async () => {
    await store.recordFacts([first, acted(first, 'redriven', 4)]);
    expect(await summary(0)).toMatchObject({ groups: [], queues: [{ recorded: 0, queueDepth: 0, difference: 0 }] });
  });
});

test('45 decisions of 45 repositories in one batch are each repository’s own', async () => {
  const [, ...decided] = planFacts(sampleRun(1, timeAt(0)), Array<'allow'>(45).fill('allow'), timeAt(1));
  await store.recordFacts(decided);
  await store.recordFacts(decided);
  const { items } = await store.repositories({ limit: 100 });
  expect(items).toHaveLength(45);
  for (const { repository } of items) {
    expect(await store.repository(repository)).toMatchObject({
      asSource: { deliveries: 0, plans: {} },
      asTarget: { allowed: 1, denied: 0, decisions: { allowed: 1 } },
    });
    expect((await store.inboundUses(repository, {})).items).toMatchObject([{ allowed: 1, denied: 0 }]);
  }
});
