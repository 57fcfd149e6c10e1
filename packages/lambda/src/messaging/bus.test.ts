import type { PutEventsCommand, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { deliveryRepeated, type Fact } from '@dispatcher/contracts';
import { completedRun } from '@dispatcher/contracts/testing';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createBus } from './bus.ts';

interface Call {
  readonly entries: readonly PutEventsRequestEntry[];
  readonly options: { readonly abortSignal?: AbortSignal };
}

let calls: Call[];
/** Returns whether EventBridge rejects an entry. */
let isRejected: (entry: PutEventsRequestEntry) => boolean;
beforeEach(() => {
  calls = [];
  isRejected = () => false;
});

const send = async ({ input: { Entries: entries = [] } }: PutEventsCommand, options: Call['options']) => {
  calls.push({ entries, options });
  return { Entries: entries.map((entry) => (isRejected(entry) ? { ErrorCode: 'InternalFailure' } : { EventId: 'e' })) };
};
const bus = createBus({ send: send as never }, 'dispatcher');

const createFacts = (count: number): Fact[] =>
  Array.from({ length: count }, (_, index) => deliveryRepeated(completedRun({ id: index + 1 }), 'guid-1'));
const published = () => calls.map(({ entries }) => entries.map(({ Detail = '' }) => JSON.parse(Detail).runKey));

describe('publishing facts', () => {
  test('at most ten facts are sent per call', async () => {
    await bus.publish(createFacts(12));
    expect(calls.map(({ entries }) => entries.length)).toEqual([10, 2]);
  });

  test('a fact that EventBridge rejects is sent once more, and the others are not', async () => {
    isRejected = ({ Detail }) => calls.length === 1 && Detail?.includes('"runKey":"11-2-1"') === true;
    await bus.publish(createFacts(3));
    expect(published()).toEqual([['11-1-1', '11-2-1', '11-3-1'], ['11-2-1']]);
  });

  test('a fact that is rejected twice is an error', async () => {
    isRejected = ({ Detail }) => Detail?.includes('"runKey":"11-2-1"') === true;
    await expect(bus.publish(createFacts(3))).rejects.toThrow('EventBridge rejected 1 of 3 facts twice.');
  });

  test('the signal of the caller cancels the calls', async () => {
    const { signal } = new AbortController();
    await bus.publish(createFacts(1), { signal });
    expect(calls[0]?.options.abortSignal).toBe(signal);
    await bus.publish(createFacts(1));
    expect(calls[1]?.options).not.toHaveProperty('abortSignal');
  });
});
