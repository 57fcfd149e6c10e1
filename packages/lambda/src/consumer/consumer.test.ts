import { beforeEach, describe, expect, test } from '@jest/globals';
import { Fact } from '@dispatcher/contracts';
import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import type { AttemptRecord, GivenUp } from './attempts.ts';
import { type ConsumerOptions, createBatchConsumer, createConsumer } from './consumer.ts';
import { DeferError, PermanentError } from './errors.ts';
import { silent } from '../testing/index.ts';

const Message = z.object({ version: z.literal(1), deliveryId: z.string(), body: z.string() });
type Message = z.infer<typeof Message>;

const context = { getRemainingTimeInMillis: () => 30_000 };

/** The calls to SQS, by API action. */
let calls: { command: string; input: Record<string, unknown> }[] = [];
let facts: Fact[] = [];
let counted = new Map<string, AttemptRecord>();
let givenUp = new Map<string, GivenUp>();

beforeEach(() => {
  calls = [];
  facts = [];
  counted = new Map();
  givenUp = new Map();
});

function options(overrides: Partial<ConsumerOptions<Message>> = {}): ConsumerOptions<Message> {
  const send = async (command: { constructor: { name: string }; input: object }) => {
    calls.push({ command: command.constructor.name.replace('Command', ''), input: { ...command.input } });
    return {};
  };
  return {
    queue: 'runs',
    queueUrl: 'http://queue/runs',
    deadLetterQueueUrl: 'http://queue/runs-dead-letters',
    sqs: { send: send as never },
    schema: Message,
    version: 1,
    maxAttempts: 3,
    attempts: {
      getAttempts: async (_, id) => counted.get(id) ?? null,
      beginAttempt: async (_, id, count) => void counted.set(id, { counted: count, isOpen: true }),
      endAttempt: async (_, id, count) => void counted.set(id, { counted: count, isOpen: false }),
      giveUp: async (_, id, why) => {
        const first = givenUp.get(id) ?? why;
        givenUp.set(id, first);
        return first;
      },
    },
    bus: {
      publish: async (published) => {
        facts.push(...published.map((fact) => Fact.parse(fact)));
      },
    },
    log: silent,
    meter: { count: () => {}, milliseconds: () => {} },
    now: () => 0,
    random: () => 0,
    ...overrides,
  };
}

function record(id: string, body: unknown = { version: 1, deliveryId: `guid-${id}`, body: id }, receives = 1) {
  return {
    messageId: id,
    receiptHandle: `receipt-${id}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: String(receives) },
  } as SQSRecord;
}

const failedOf = (response: { batchItemFailures: { itemIdentifier: string }[] }) =>
  response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
const deletedIds = () =>
  sent('DeleteMessageBatch').flatMap(({ Entries }) => (Entries as { Id: string }[]).map(({ Id }) => Id));
const sent = (command: string) => calls.filter((call) => call.command === command).map(({ input }) => input);

describe('a batch of messages', () => {
  test('a poison message does not affect the nine others of its batch', async () => {
    const handled: string[] = [];
    const consume = createConsumer(options(), async ({ body }) => {
      if (body === '4') throw new Error('poison');
      handled.push(body);
    });
    const response = await consume(
      { Records: Array.from({ length: 10 }, (_, index) => record(String(index))) },
      context,
    );
    expect(failedOf(response)).toEqual(['4']);
    expect(handled).toHaveLength(9);
    expect(sent('ChangeMessageVisibility')).toEqual([
      { QueueUrl: 'http://queue/runs', ReceiptHandle: 'receipt-4', VisibilityTimeout: 1 },
    ]);
  });

  test('a message that hangs returns to the queue at its deadline, and a finished one does not', async () => {
    const short = { getRemainingTimeInMillis: () => 3_020 };
    const consume = createConsumer(options(), async ({ body }) => {
      if (body === 'slow') await new Promise<void>(() => {});
    });
    const response = await consume({ Records: [record('slow'), record('quick')] }, short);
    expect(failedOf(response)).toEqual(['slow']);
  });

  test('messages that finish while others are handled are deleted, several with one request; the last ones by Lambda', async () => {
    const release = Promise.withResolvers<void>();
    const consume = createConsumer(options(), async ({ body }) => {
      if (body === '8') release.resolve();
      // The last two end when every other message has been deleted.
      if (body === '0' || body === '1') {
        await release.promise;
        while (deletedIds().length < 8) await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const records = Array.from({ length: 10 }, (_, index) => record(String(index)));
    expect(failedOf(await consume({ Records: records }, context))).toEqual([]);
    expect(deletedIds()).toEqual(expect.arrayContaining(['2', '3', '4', '5', '6', '7', '8', '9']));
    expect(new Set(deletedIds()).size).toBe(deletedIds().length);
    const [first] = sent('DeleteMessageBatch');
    expect(first).toMatchObject({ QueueUrl: 'http://queue/runs' });
    expect(first?.['Entries']).toContainEqual({ Id: '2', ReceiptHandle: 'receipt-2' });
    // Eight that finished together, and the last but one.
    expect(sent('DeleteMessageBatch').length).toBeLessThanOrEqual(2);
  });

  test('messages that all finish at once are deleted by Lambda alone', async () => {
    const records = Array.from({ length: 10 }, (_, index) => record(String(index)));
    expect(failedOf(await createConsumer(options(), async () => {})({ Records: records }, context))).toEqual([]);
    expect(calls).toEqual([]);
  });

  test('a message that SQS does not delete is deleted by Lambda, and none of its batch fails', async () => {
    const warnings: unknown[] = [];
    const send = async (command: { readonly input: { readonly Entries?: readonly { readonly Id: string }[] } }) => ({
      Failed: command.input.Entries?.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })),
    });
    const log = { ...silent, warn: (_message: string, fields?: object) => void warnings.push(fields) };
    const consume = createConsumer(options({ sqs: { send: send as never }, log }), async ({ body }) => {
      if (body !== 'm2') return;
      while (warnings.length === 0) await new Promise((resolve) => setImmediate(resolve));
    });
    expect(failedOf(await consume({ Records: [record('m1'), record('m2')] }, context))).toEqual([]);
    expect(warnings).toMatchObject([{ queue: 'runs', failed: [{ Id: 'm1' }] }]);
  });

  test('the signal of an attempt aborts at the deadline of its message', async () => {
    let signal: AbortSignal | undefined;
    const consume = createConsumer(options(), async (_, attempt) => {
      ({ signal } = attempt);
      expect(signal.aborted).toBe(false);
      await new Promise<void>(() => {});
    });
    await consume({ Records: [record('m1')] }, { getRemainingTimeInMillis: () => 3_020 });
    expect(signal?.aborted).toBe(true);
  });

  test.each([
    ['not JSON', 'hello', 'message-invalid'],
    ['an unknown message', { version: 1, deliveryId: 'guid' }, 'message-invalid'],
    ['a bare null', 'null', 'message-invalid'],
    ['a message of a newer release', { version: 2, deliveryId: 'guid', more: true }, 'message-version-unknown'],
  ])('%s becomes a dead letter at once, complete and with the reason', async (_, body, reason) => {
    const deadLetter = record('m1', body);
    const response = await createConsumer(options(), async () => {})({ Records: [deadLetter] }, context);
    expect(failedOf(response)).toEqual([]);
    expect(sent('SendMessage')).toMatchObject([
      {
        QueueUrl: 'http://queue/runs-dead-letters',
        MessageBody: deadLetter.body,
        MessageAttributes: { reason: { StringValue: reason }, queue: { StringValue: 'runs' } },
      },
    ]);
    expect(facts).toMatchObject([{ type: 'message.dead-lettered', data: { reason, messageId: 'm1' } }]);
  });

  test('a message that always fails is tried three times, then becomes a dead letter with its last error', async () => {
    const consume = createConsumer(options(), async () => Promise.reject(new Error('still broken')));
    const responses = [];
    for (const receives of [1, 2, 3])
      responses.push(await consume({ Records: [record('m1', undefined, receives)] }, context));
    expect(responses.map(failedOf)).toEqual([['m1'], ['m1'], []]);
    expect(sent('ChangeMessageVisibility').map(({ VisibilityTimeout }) => VisibilityTimeout)).toEqual([1, 2]);
    expect(facts).toMatchObject([
      { data: { reason: 'attempts-exhausted', detail: 'Error: still broken', attempts: 3 }, correlationId: 'guid-m1' },
    ]);
  });

  test('a message whose last attempt crashed becomes a dead letter with the reason died, without another attempt', async () => {
    counted.set('m1', { counted: 3, isOpen: true });
    let tries = 0;
    const consume = createConsumer(options(), async () => {
      tries += 1;
    });
    await consume({ Records: [record('m1', undefined, 4)] }, context);
    expect(tries).toBe(0);
    expect(facts).toMatchObject([{ data: { reason: 'died', attempts: 3 } }]);
  });

  test('a deferred message returns after the given time, and the attempt is not counted', async () => {
    const consume = createConsumer(options(), async () => Promise.reject(new DeferError('rate limited', 61_000)));
    for (const receives of [1, 2, 3, 4, 5, 6]) {
      const response = await consume({ Records: [record('m1', undefined, receives)] }, context);
      expect(failedOf(response)).toEqual(['m1']);
    }
    expect(facts).toEqual([]);
    expect(new Set(sent('ChangeMessageVisibility').map(({ VisibilityTimeout }) => VisibilityTimeout))).toEqual(
      new Set([61]),
    );
  });

  test('a deferral of days is shortened to the maximum of SQS', async () => {
    const consume = createConsumer(options(), async () =>
      Promise.reject(new DeferError('a long queue', 48 * 3_600_000)),
    );
    expect(failedOf(await consume({ Records: [record('m1')] }, context))).toEqual(['m1']);
    const [change] = sent('ChangeMessageVisibility');
    expect(change?.['VisibilityTimeout']).toBeGreaterThan(42_000);
    expect(change?.['VisibilityTimeout']).toBeLessThan(43_200);
  });

  test('a message that fails permanently becomes a dead letter at its first attempt', async () => {
    const consume = createConsumer(options(), async () => Promise.reject(new PermanentError('no such thing')));
    expect(failedOf(await consume({ Records: [record('m1')] }, context))).toEqual([]);
    expect(facts).toMatchObject([{ data: { reason: 'permanent-error' } }]);
  });

  test.each([
    ['fails permanently', async () => Promise.reject(new PermanentError('no such thing')), 1],
    ['fails its last attempt', async () => Promise.reject(new Error('broken')), 3],
    ['cannot be parsed', async () => {}, 1],
  ])(
    'a message that %s publishes the same fact again if the process died before it deleted the message',
    async (name, step, receives) => {
      let now = 0;
      const consume = createConsumer(options({ now: () => now }), step);
      const body = name === 'cannot be parsed' ? 'nonsense' : undefined;
      if (receives === 3) counted.set('m1', { counted: 2, isOpen: false });
      for (const receive of [receives, receives + 1]) {
        expect(failedOf(await consume({ Records: [record('m1', body, receive)] }, context))).toEqual([]);
        now += 60_000;
      }
      expect(facts).toHaveLength(2);
      expect(JSON.stringify(facts[1])).toBe(JSON.stringify(facts[0]));
      expect(sent('SendMessage')[1]).toEqual(sent('SendMessage')[0]);
    },
  );

  test('if the dead letter cannot be sent, the message returns to the queue', async () => {
    const send = () => Promise.reject(new Error('SQS is down'));
    const consume = createConsumer(options({ sqs: { send: send as never } }), async () => {});
    expect(failedOf(await consume({ Records: [record('m1', 'nonsense')] }, context))).toEqual(['m1']);
  });

  test('the last attempt is marked as the last', async () => {
    const seen: boolean[] = [];
    const consume = createConsumer(options({ maxAttempts: 2 }), async (_, { isLast }) => {
      seen.push(isLast);
      throw new Error('again');
    });
    await consume({ Records: [record('m1', undefined, 1)] }, context);
    await consume({ Records: [record('m1', undefined, 2)] }, context);
    expect(seen).toEqual([false, true]);
  });

  test('messages that died with another one lose no attempt; that one is handled last, alone, and becomes a dead letter', async () => {
    const deaths: string[] = [];
    const done = new Set<string>();
    let waiting = Array.from({ length: 10 }, (_, index) => ({ id: `m${index}`, receives: 0 }));
    // A process dies as soon as it works on m3: nothing after that happens, and its invocation returns nothing.
    for (let invocation = 1; waiting.length > 0 && invocation < 20; invocation += 1) {
      const died = Promise.withResolvers<null>();
      const consume = createConsumer(options({ maxAttempts: 3 }), async ({ body }) => {
        if (body === 'm3') {
          deaths.push(body);
          died.resolve(null);
          await new Promise<void>(() => {});
        }
        // In the first invocation, no other message has ended before the process dies.
        if (invocation === 1) await new Promise<void>(() => {});
        done.add(body);
      });
      for (const each of waiting) each.receives += 1;
      const records = waiting.map(({ id, receives }) => record(id, undefined, receives));
      const response = await Promise.race([consume({ Records: records }, context), died.promise]);
      const deleted = new Set(deletedIds());
      const failed = response === null ? null : new Set(failedOf(response));
      waiting = waiting.filter(({ id }) => !deleted.has(id) && (failed === null || failed.has(id)));
    }
    expect(waiting).toEqual([]);
    expect(done.size).toBe(9);
    // Once in the batch, where it was not counted, and three times alone.
    expect(deaths).toHaveLength(4);
    expect(facts).toMatchObject([{ data: { reason: 'died', messageId: 'm3', attempts: 3 } }]);
  });

  test('the messages of a suspect’s lane wait until the others are done', async () => {
    const order: string[] = [];
    counted.set('a1', { counted: 1, isOpen: true });
    const laneOf = ({ body }: Message) => body.slice(0, 1);
    const consume = createConsumer(options({ laneOf }), async ({ body }) => {
      if (body.startsWith('b')) await new Promise((resolve) => setImmediate(resolve));
      order.push(body);
    });
    const records = [record('a1', undefined, 3), record('a2'), record('b1'), record('b2')];
    expect(failedOf(await consume({ Records: records }, context))).toEqual([]);
    expect(order).toEqual(['b1', 'b2', 'a2', 'a1']);
  });

  test('a suspect for which too little time is left returns without an attempt', async () => {
    let remainingMs = 30_000;
    const handled: string[] = [];
    const consume = createConsumer(options(), async ({ body }) => {
      handled.push(body);
      remainingMs = 10_000;
    });
    const records = [record('m1', undefined, 2), record('m2', undefined, 2)];
    const response = await consume({ Records: records }, { getRemainingTimeInMillis: () => remainingMs });
    expect(handled).toEqual(['m1']);
    expect(failedOf(response)).toEqual(['m2']);
    expect(counted.has('m2')).toBe(false);
  });

  test('the messages of a batch step that fails are tried one by one, and only the failing one returns to the queue', async () => {
    const stored: string[] = [];
    const consume = createBatchConsumer(options(), async (messages) => {
      if (messages.some(({ body }) => body === 'bad')) throw new Error('refused');
      stored.push(...messages.map(({ body }) => body));
    });
    const response = await consume({ Records: ['a', 'bad', 'b'].map((id) => record(id)) }, context);
    expect(failedOf(response)).toEqual(['bad']);
    expect(stored.toSorted()).toEqual(['a', 'b']);
  });

  test('a batch step that hangs ends at its deadline, and its messages return without an attempt', async () => {
    counted.set('b', { counted: 2, isOpen: false });
    const consume = createBatchConsumer(options(), () => new Promise<void>(() => {}));
    const records = [record('a'), record('b', undefined, 4)];
    const response = await consume({ Records: records }, { getRemainingTimeInMillis: () => 3_020 });
    expect(failedOf(response)).toEqual(['a', 'b']);
    expect(sent('ChangeMessageVisibility').map(({ ReceiptHandle }) => ReceiptHandle)).toEqual([
      'receipt-a',
      'receipt-b',
    ]);
    expect(counted.has('a')).toBe(false);
    expect(counted.get('b')?.counted).toBe(2);
  });

  test('after a batch step that failed late, the messages return without an attempt instead of being tried one by one', async () => {
    let remainingMs = 30_000;
    const sizes: number[] = [];
    const consume = createBatchConsumer(options(), async (messages) => {
      sizes.push(messages.length);
      remainingMs = 10_000;
      throw new Error('throttled');
    });
    const response = await consume(
      { Records: [record('a'), record('b')] },
      { getRemainingTimeInMillis: () => remainingMs },
    );
    expect(failedOf(response)).toEqual(['a', 'b']);
    expect(sizes).toEqual([2]);
    expect(counted.size).toBe(0);
  });

  test('messages of a batch step whose process died lose no attempt; the one that kills it is found alone', async () => {
    const stored = new Set<string>();
    let deaths = 0;
    let waiting = Array.from({ length: 10 }, (_, index) => ({ id: `m${index}`, receives: 0 }));
    for (let invocation = 1; waiting.length > 0 && invocation < 20; invocation += 1) {
      const died = Promise.withResolvers<null>();
      const consume = createBatchConsumer(options({ maxAttempts: 3 }), async (messages) => {
        if (messages.some(({ body }) => body === 'm3')) {
          deaths += 1;
          died.resolve(null);
          await new Promise<void>(() => {});
        }
        for (const { body } of messages) stored.add(body);
      });
      for (const each of waiting) each.receives += 1;
      const records = waiting.map(({ id, receives }) => record(id, undefined, receives));
      const response = await Promise.race([consume({ Records: records }, context), died.promise]);
      const deleted = new Set(deletedIds());
      const failed = response === null ? null : new Set(failedOf(response));
      waiting = waiting.filter(({ id }) => !deleted.has(id) && (failed === null || failed.has(id)));
    }
    expect(waiting).toEqual([]);
    expect(stored.size).toBe(9);
    // Twice in the batch, where it was not counted, and three times alone.
    expect(deaths).toBe(5);
    expect(facts).toMatchObject([{ data: { reason: 'died', messageId: 'm3', attempts: 3 } }]);
  });

  test('messages that were received before and not handed out are handled together, and none is counted', async () => {
    const sizes: number[] = [];
    const consume = createBatchConsumer(options(), async (messages) => void sizes.push(messages.length));
    const records = ['a', 'b', 'c'].map((id) => record(id, undefined, 7));
    expect(failedOf(await consume({ Records: records }, context))).toEqual([]);
    expect(sizes).toEqual([3]);
    expect([...counted.values()].map((each) => each.counted)).toEqual([0, 0, 0]);
  });
});

test('a suspect after messages that used up the time returns without an attempt', async () => {
  let remainingMs = 30_000;
  const handled: string[] = [];
  const consume = createConsumer(options(), async ({ body }) => {
    handled.push(body);
    remainingMs = 3_000;
  });
  const records = [record('slow'), record('suspect', undefined, 2)];
  const response = await consume({ Records: records }, { getRemainingTimeInMillis: () => remainingMs });
  expect(handled).toEqual(['slow']);
  expect(failedOf(response)).toEqual(['suspect']);
  expect(counted.has('suspect')).toBe(false);
});

test('a healthy message beside a suspect returns without an attempt if the messages before it used up the time', async () => {
  let remainingMs = 30_000;
  const handled: string[] = [];
  counted.set('suspect', { counted: 2, isOpen: true });
  const laneOf = ({ body }: Message) => (body === 'slow' ? 'one' : 'another');
  const consume = createConsumer(options({ laneOf }), async ({ body }) => {
    handled.push(body);
    remainingMs = 3_000;
  });
  const records = [record('slow'), record('beside'), record('suspect', undefined, 4)];
  const response = await consume({ Records: records }, { getRemainingTimeInMillis: () => remainingMs });
  expect(handled).toEqual(['slow']);
  expect(failedOf(response)).toEqual(['beside', 'suspect']);
  // Stored, so that it counts as healthy when it returns.
  expect(counted.get('beside')).toEqual({ counted: 0, isOpen: false });
});
