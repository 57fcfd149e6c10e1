import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createFaultPlan, type PlannedFault } from './fault-plan.ts';
import { WorkerProcess } from './worker-process.ts';

/** Two messages of a batch, of which each sends three requests. */
const messages = ['a', 'b'];

/** Handles a batch. @param rounds how many rounds of the event loop the response to each request takes */
async function handleBatch(rounds: readonly number[], faults: readonly PlannedFault[] = []) {
  const sent: string[] = [];
  const plan = createFaultPlan('ports', faults, () => String(sent.length));
  const process = new WorkerProcess<void>(plan);
  const send = process.wrapCall('wire', 'github', async (request: string) => {
    const left = rounds[sent.push(request) - 1] ?? 0;
    for (let round = 0; round < left; round += 1) await setImmediate();
  });
  const port = process.wrapPort('port', { call: (request: string) => send(request) });
  const { state } = await process.invoke(async () => {
    await Promise.all(
      messages.map(async (message) => {
        for (const number of [1, 2, 3]) await port.call(`${message}${number}`);
      }),
    );
  });
  return { state, sent, process, points: plan.points.map(({ call, moment }) => `${moment} ${call}`) };
}

test('the order of calls does not depend on which of two concurrent responses arrives first', async () => {
  const { points, sent } = await handleBatch([50, 0, 50, 0, 50, 0]);
  expect(sent).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
  expect(await handleBatch([0, 50, 0, 50, 0, 50])).toMatchObject({ points, sent });
});

test('a crashed process sends no request that waited for the response of another one', async () => {
  const { state, sent } = await handleBatch([50], [{ at: 2, kind: 'crash' }]);
  expect(state).toBe('crashed');
  expect(sent).toEqual(['a1']);
});

test('a suspended process sends what it called before, and calls nothing more until it is resumed', async () => {
  const { state, sent, process } = await handleBatch([50], [{ at: 2, kind: 'suspend' }]);
  expect([state, [...sent]]).toEqual(['suspended', ['a1', 'b1']]);
  expect(await process.resume()).toMatchObject({ state: 'completed' });
  expect(sent.toSorted()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3']);
});

test.each([0, 50])(
  'a pause ends once the other message waits for nothing, however long responses take (%i)',
  async (rounds) => {
    const sent: string[] = [];
    const process = new WorkerProcess<void>(createFaultPlan('ports', [], () => String(sent.length)));
    const send = process.wrapCall('wire', 'github', async (request: string) => {
      sent.push(request);
      for (let round = 0; round < rounds; round += 1) await setImmediate();
    });
    const sendTwo = async () => {
      await send('first');
      await send('second');
    };
    const sendAfterPause = async () => {
      await process.untilIdle();
      await send('after the pause');
    };
    await process.invoke(async () => void (await Promise.all([sendAfterPause(), sendTwo()])));
    expect(sent).toEqual(['first', 'second', 'after the pause']);
  },
);
