import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type DeadLetterActed, Fact, deadLetterId } from '@dispatcher/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import {
  asciiJson,
  createConsumer,
  type GivenUp,
  moveToDeadLetterQueue,
  PermanentError,
  type StepLog,
} from '@dispatcher/lambda';
import {
  applyDeadLetterCommand,
  type DeadLetterActionResult,
  type DeadLetterCommandOptions,
  type DeadLetterTools,
} from './redrive-and-discard.ts';
import type { DeadLetterCommand, DeadLetterOutcome } from './dead-letter-command.ts';
import type { DeadLetterMessage } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queues.ts';
import { type DeadLetterSearch, findDeadLetter } from './inspect.ts';
import { countMessages } from './message-counts.ts';

let aws: { readonly url: string; close(): Promise<void> };
let sqs: SQSClient;
let queues = 0;
let facts: Fact[];
/** The milliseconds by which the operator's clock is ahead of that of SQS: what the command has waited. */
let ahead: number;
const now = () => Date.now() + ahead;
let warnings: string[];

beforeAll(async () => {
  // A variable, so that TypeScript does not resolve it: @dispatcher/local references this package, and project
  // references must not be circular.
  const local: string = '@dispatcher/local';
  const { startAwsEndpoint } = (await import(local)) as { startAwsEndpoint: () => Promise<typeof aws> };
  aws = await startAwsEndpoint();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  sqs = new SQSClient({ endpoint: aws.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  // The local SQS is a single server, so long polling would only make the test slower.
  sqs.middlewareStack.add(
    (next) => (args) => {
      if ('WaitTimeSeconds' in args.input) args.input.WaitTimeSeconds = 0;
      return next(args);
    },
    { step: 'initialize', name: 'withoutWaiting' },
  );
});
beforeEach(() => {
  facts = [];
  warnings = [];
  ahead = 0;
});
afterAll(async () => {
  sqs.destroy();
  await aws.close();
});

const bus = {
  publish: async (published: readonly Fact[]) => {
    facts.push(...published.map((fact) => Fact.parse(fact)));
  },
};

function tools(change: Partial<DeadLetterTools> = {}): DeadLetterTools {
  return {
    sqs,
    bus,
    warn: (sentence) => void warnings.push(sentence),
    now,
    sleep: async (ms) => void (ahead += ms),
    ...change,
  };
}

/** A dead-letter queue, and the queue that its messages are redriven to. */
interface Queue extends DeadLetterQueue {
  readonly url: string;
}

const urlOf = (name: string) => `${aws.url}/000000000000/${name}`;

async function newQueue(): Promise<Queue> {
  queues += 1;
  const [name, dead] = [`queue-${queues}`, `queue-${queues}-dead`];
  for (const QueueName of [name, dead]) await sqs.send(new CreateQueueCommand({ QueueName }));
  const url = urlOf(name);
  return { name, url, deadLetterUrl: urlOf(dead), destinations: { [name]: url } };
}

/** The queue of undelivered events, whose rule targets a queue. */
async function newUndeliveredEvents(): Promise<Queue> {
  const { name, url, deadLetterUrl } = await newQueue();
  return { name: 'undelivered-events', url, deadLetterUrl, destinations: { [name]: url } };
}

/** Sends an event to the queue of undelivered events, as EventBridge does. */
async function leaveUndelivered(bus: Queue, detail: unknown, target = bus.url): Promise<string> {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const event = { version: '0', id: 'e', 'detail-type': 'route.decided', source: 'dispatcher', detail };
  const { MessageId: id = '' } = await sqs.send(
    new SendMessageCommand({
      QueueUrl: bus.deadLetterUrl,
      MessageBody: asciiJson(event),
      MessageAttributes: {
        RULE_ARN: text('arn:aws:events:us-east-1:000000000000:rule/dispatcher/decisions'),
        TARGET_ARN: text(`arn:aws:sqs:us-east-1:000000000000:${target.split('/').at(-1)}`),
        ERROR_CODE: text('NO_RESOURCE'),
        ERROR_MESSAGE: text('The queue does not exist.'),
        RETRY_ATTEMPTS: text('0'),
      },
    }),
  );
  return deadLetterId('undelivered-events', id, 'no-resource');
}

type Why = Parameters<typeof moveToDeadLetterQueue>[3];

/** Sends a message to the dead-letter queue, as the functions do. */
async function giveUp(queue: Queue, messageId: string, body: string, change: Partial<Why> = {}) {
  const why: Why = { reason: 'attempts-exhausted', detail: 'still broken', attempts: 6, ...change };
  const attempts = { giveUp: async (_queue: string, _id: string, given: GivenUp) => given };
  const options = { queue: queue.name, deadLetterQueueUrl: queue.deadLetterUrl, sqs, attempts, bus, meter };
  await moveToDeadLetterQueue(options, { body, messageId, attributes: {} as SQSRecord['attributes'] }, {}, why);
  return deadLetterId(queue.name, messageId, why.reason);
}

const meter = { count: () => {}, milliseconds: () => {} };
const bodyOf = (number: number) =>
  JSON.stringify({ version: 1, runKey: `11-${number}-1`, correlationId: `d-${number}` });

async function giveUpMany(queue: Queue, count: number): Promise<string[]> {
  const numbers = Array.from({ length: count }, (_, number) => number);
  return Promise.all(numbers.map((number) => giveUp(queue, `m-${number}`, bodyOf(number))));
}

interface Done {
  readonly result: DeadLetterActionResult;
  readonly deadLetters: { deadLetter: DeadLetterMessage; outcome: DeadLetterOutcome; problem: string | null }[];
}

async function apply(
  queue: Queue,
  change: Partial<DeadLetterCommand>,
  more: {
    tools?: Partial<DeadLetterTools>;
    abort?: AbortController;
    after?: number;
    perSecond?: number;
    waitForHeld?: DeadLetterCommandOptions['waitForHeld'];
  } = {},
): Promise<Done> {
  const command: DeadLetterCommand = {
    action: 'redrive',
    select: { all: true },
    actionId: 'action-1',
    operator: 'ada',
    reason: 'the target is back',
    quarantined: false,
    before: new Date(now()).toISOString(),
    limit: 1_000,
    dryRun: false,
    ...change,
  };
  const deadLetters: Done['deadLetters'] = [];
  const { abort = new AbortController(), after = Infinity, perSecond = 1_000 } = more;
  const result = await applyDeadLetterCommand(tools(more.tools), queue, command, {
    signal: abort.signal,
    perSecond,
    ...(more.waitForHeld === undefined ? {} : { waitForHeld: more.waitForHeld }),
    onDeadLetter: (deadLetter, outcome, problem) => {
      deadLetters.push({ deadLetter, outcome, problem });
      if (deadLetters.length >= after) abort.abort();
    },
  });
  return { result, deadLetters };
}

const signal = new AbortController().signal;

function foundIn(search: DeadLetterSearch): DeadLetterMessage | null {
  return search.state === 'found' ? search.deadLetter : null;
}

/** Receives and deletes all messages of a queue. */
async function drain(url: string): Promise<Message[]> {
  const all: Message[] = [];
  for (;;) {
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (messages.length === 0) return all;
    all.push(...messages);
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
  }
}

const bodies = (messages: readonly Message[]) => messages.map(({ Body = '' }) => Body).sort((a, b) => (a < b ? -1 : 1));
const acted = () => facts.filter((fact): fact is DeadLetterActed => fact.type === 'dead-letter.acted');
const dead = (queue: Queue) => countMessages(sqs, queue.deadLetterUrl);

describe('redriving', () => {
  test('sends the message to its queue byte for byte, deletes the dead letter and publishes who did what and why', async () => {
    const queue = await newQueue();
    const body = `{"version": 1,  "runKey":"11-1-1","correlationId":"d-1","text":"\\ud83d\\u0000 \\u2192"}`;
    const id = await giveUp(queue, 'm-1', body);
    const { result } = await apply(queue, {});
    expect(result).toMatchObject({ ended: 'completed', scanned: 1, outcomes: { redriven: 1 }, problem: null });
    const [message] = await drain(queue.url);
    expect(message).toMatchObject({ Body: body, MessageAttributes: { redrives: { StringValue: '1' } } });
    expect(Object.keys(message?.MessageAttributes ?? {})).toEqual(['redrives']);
    expect(await dead(queue)).toEqual({ waiting: 0, inFlight: 0 });
    expect(acted()).toMatchObject([
      {
        correlationId: 'd-1',
        runKey: '11-1-1',
        data: {
          actionId: 'action-1',
          deadLetterId: id,
          queue: queue.name,
          messageId: 'm-1',
          deadLetterReason: 'attempts-exhausted',
          action: 'redrive',
          operator: 'ada',
          reason: 'the target is back',
          result: 'redriven',
        },
      },
    ]);
  });

  test('a message that was redriven three times is quarantined, and only a command that names its id redrives it', async () => {
    const queue = await newQueue();
    await giveUp(queue, 'm-1', bodyOf(1));
    for (let time = 0; time < 3; time += 1) {
      expect((await apply(queue, { actionId: `action-${time}` })).result.outcomes.redriven).toBe(1);
      await failAll(queue);
    }
    expect(facts.filter(({ type }) => type === 'message.dead-lettered').at(-1)).toMatchObject({
      data: { redrives: 3, attempts: 1, reason: 'permanent-error' },
    });
    const { result, deadLetters } = await apply(queue, { actionId: 'action-4' });
    expect(result.outcomes).toMatchObject({ redriven: 0, quarantined: 1 });
    await apply(queue, { actionId: 'action-5' });
    const recorded = acted().filter(({ data }) => data.result === 'quarantined');
    expect(recorded.map(({ data }) => data.actionId)).toEqual(['action-4', 'action-5']);
    expect(new Set(recorded.map(({ id }) => id)).size).toBe(2);
    expect(await drain(queue.url)).toEqual([]);
    expect(await dead(queue)).toEqual({ waiting: 1, inFlight: 0 });

    const ids = deadLetters.map(({ deadLetter }) => deadLetter.id);
    await apply(queue, { actionId: 'action-6', select: { ids }, quarantined: true });
    expect(await drain(queue.url)).toMatchObject([{ MessageAttributes: { redrives: { StringValue: '4' } } }]);
  });

  test('a redriven message starts with its first attempt', async () => {
    const queue = await newQueue();
    await giveUp(queue, 'm-1', bodyOf(1));
    await apply(queue, {});
    const [message] = await drain(queue.url);
    expect(message?.MessageId).not.toBe('m-1');
    expect(message?.Attributes?.ApproximateReceiveCount).toBe('1');
  });

  test('the rate limit is not exceeded', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 12);
    const pauses: number[] = [];
    let at = now();
    const sleep = async (ms: number) => {
      pauses.push(ms);
      at += ms;
    };
    const startedAt = at;
    await apply(queue, {}, { perSecond: 4, tools: { now: () => at, sleep } });
    expect(at - startedAt).toBe(11 * 250);
    expect(pauses).toHaveLength(11);
  });

  test('a redriven message keeps its message group', async () => {
    const queue = await newQueue();
    await giveUp(queue, 'm-1', bodyOf(1));
    // The local SQS drops the message group in a standard queue.
    const groups: unknown[] = [];
    const send = intercept({
      after: (command, response) => {
        for (const message of (response as { Messages?: Message[] }).Messages ?? []) {
          message.Attributes = { ...message.Attributes, MessageGroupId: '7' };
        }
        if (command instanceof SendMessageCommand) groups.push(command.input.MessageGroupId);
      },
    });
    await apply(queue, {}, { tools: { sqs: send } });
    expect(groups).toEqual(['7']);
  });
});

/** Handles every message of the queue as a function does that fails permanently. */
async function failAll(queue: Queue): Promise<void> {
  const log: StepLog = { info: () => {}, warn: () => {}, error: () => {}, with: () => log };
  const Records = (await drain(queue.url)).map(
    (message) =>
      ({
        messageId: message.MessageId,
        receiptHandle: message.ReceiptHandle,
        body: message.Body,
        attributes: message.Attributes,
        messageAttributes: Object.fromEntries(
          Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
            name,
            { stringValue: StringValue },
          ]),
        ),
      }) as unknown as SQSRecord,
  );
  const consume = createConsumer(
    {
      queue: queue.name,
      queueUrl: queue.url,
      deadLetterQueueUrl: queue.deadLetterUrl,
      sqs,
      schema: z.object({ version: z.literal(1) }),
      version: 1,
      maxAttempts: 6,
      attempts: {
        getAttempts: async () => null,
        beginAttempt: async () => {},
        endAttempt: async () => {},
        giveUp: async (_queue, _id, given) => given,
      },
      bus,
      log,
      meter,
    },
    async () => Promise.reject(new PermanentError('it will never succeed')),
  );
  await consume({ Records }, { getRemainingTimeInMillis: () => 30_000 });
}

/** Creates a client that reports every call. */
function intercept(on: {
  before?: (command: { constructor: { name: string }; input: object }) => void;
  after?: (command: object, response: object) => void;
  afterwards?: (command: object) => Promise<void>;
}): DeadLetterTools['sqs'] {
  const send = async (command: { constructor: { name: string }; input: object }) => {
    on.before?.(command);
    const response = await sqs.send(command as never);
    on.after?.(command, response);
    await on.afterwards?.(command);
    return response;
  };
  return { send: send as never };
}

describe('selection', () => {
  test('only the selected dead letters leave the queue', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 3);
    await giveUp(queue, 'm-died', 'died', { reason: 'died' });
    const picked = await giveUp(queue, 'm-one', 'one');
    await apply(queue, { select: { reason: 'died' } });
    expect(bodies(await drain(queue.url))).toEqual(['died']);
    const { result } = await apply(queue, { select: { ids: [picked, 'nowhere'] } });
    expect(result).toMatchObject({ outcomes: { redriven: 1 }, notFound: ['nowhere'] });
    expect(bodies(await drain(queue.url))).toEqual(['one']);
    expect(await dead(queue)).toEqual({ waiting: 3, inFlight: 0 });
  });

  test('a selection by age counts from the time at which the message became a dead letter', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 2);
    expect((await apply(queue, { select: { olderThanSeconds: 7_200 } })).result.outcomes.redriven).toBe(0);
    ahead = 7_201_000;
    expect((await apply(queue, { select: { olderThanSeconds: 7_200 } })).result.outcomes.redriven).toBe(2);
  });

  test('a dry run reports the dead letters and sends, publishes and deletes nothing', async () => {
    const queue = await newQueue();
    const ids = await giveUpMany(queue, 12);
    facts = [];
    const { result, deadLetters } = await apply(queue, { action: 'discard', dryRun: true });
    expect(result.outcomes.discarded).toBe(12);
    expect(deadLetters.map(({ deadLetter }) => deadLetter.id).sort()).toEqual([...ids].sort());
    expect(facts).toEqual([]);
    expect(await dead(queue)).toEqual({ waiting: 12, inFlight: 0 });
  });

  test('a dead letter of another queue is not found and stays there', async () => {
    const [queue, other] = [await newQueue(), await newQueue()];
    const id = await giveUp(queue, 'm-1', bodyOf(1));
    expect((await apply(other, { select: { ids: [id] } })).result).toMatchObject({ notFound: [id], scanned: 0 });
    expect(await dead(queue)).toEqual({ waiting: 1, inFlight: 0 });
  });

  test('a dead letter that came from another queue is not redriven to this one and can be discarded', async () => {
    const [queue, other] = [await newQueue(), await newQueue()];
    await giveUp({ ...queue, name: other.name }, 'm-1', bodyOf(1));
    const { result, deadLetters } = await apply(queue, {});
    expect(result.outcomes).toMatchObject({ misplaced: 1, redriven: 0 });
    expect(deadLetters[0]?.deadLetter.misplacedFrom).toBe(other.name);
    expect(await drain(queue.url)).toEqual([]);
    expect((await apply(queue, { action: 'discard' })).result.outcomes.discarded).toBe(1);
  });

  test('a dead letter that SQS moved is unrecorded and has its message id', async () => {
    const queue = await newQueue();
    const moved = new SendMessageCommand({ QueueUrl: queue.deadLetterUrl, MessageBody: 'moved by SQS' });
    const { MessageId: id = '' } = await sqs.send(moved);
    const search = await findDeadLetter(tools(), queue, id, { signal });
    expect(search).toMatchObject({ state: 'found' });
    expect(foundIn(search)).toMatchObject({
      id,
      reason: 'unrecorded',
      detail: null,
      attempts: null,
      messageId: id,
      runKey: null,
    });
    await apply(queue, { select: { reason: 'unrecorded' } });
    expect(bodies(await drain(queue.url))).toEqual(['moved by SQS']);
    expect(acted()).toMatchObject([{ data: { deadLetterId: id, deadLetterReason: null, result: 'redriven' } }]);
    expect(acted()[0]?.runKey).toBeUndefined();
  });
});

describe('a redrive of messages that fail again at once', () => {
  /** Fails each redriven message before the next one is sent, as a fast consumer does. */
  const failingConsumer = (queue: Queue) =>
    intercept({
      afterwards: async (command) => {
        if (command instanceof SendMessageCommand && command.input.QueueUrl === queue.url) await failAll(queue);
      },
    });

  const redrivesLeft = async (queue: Queue) =>
    (await apply(queue, { dryRun: true })).deadLetters.map(({ deadLetter }) => deadLetter.redrives);

  test('uses up one of their three redrives, and the next command the second', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 12);
    const tools = { sqs: failingConsumer(queue) };
    const first = await apply(queue, {}, { tools });
    expect(first.result).toMatchObject({ ended: 'completed', outcomes: { redriven: 12, quarantined: 0 } });
    expect(first.result.newer).toBeGreaterThan(0);
    expect(await redrivesLeft(queue)).toEqual(Array.from({ length: 12 }, () => 1));
    await apply(queue, { actionId: 'action-2' }, { tools });
    expect(await redrivesLeft(queue)).toEqual(Array.from({ length: 12 }, () => 2));
  });

  test('uses up one redrive even if the operator’s clock is an hour ahead of SQS’s', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 12);
    ahead = 3_600_000;
    const { result } = await apply(queue, {}, { tools: { sqs: failingConsumer(queue) } });
    expect(result.outcomes).toMatchObject({ redriven: 12, quarantined: 0 });
    expect(await redrivesLeft(queue)).toEqual(Array.from({ length: 12 }, () => 1));
  });

  test('selects exactly what the dry run listed if it is given the time of the dry run', async () => {
    const queue = await newQueue();
    const listed = await giveUpMany(queue, 5);
    const before = new Date(now()).toISOString();
    const dryRun = await apply(queue, { before, dryRun: true });
    while (new Date(now()).toISOString() === before);
    const later = await giveUp(queue, 'm-later', 'later');
    const run = await apply(queue, { before }, { tools: { sqs: failingConsumer(queue) } });
    const idsOf = ({ deadLetters }: Done) => deadLetters.map(({ deadLetter }) => deadLetter.id).sort();
    expect(idsOf(dryRun)).toEqual([...listed].sort());
    expect(idsOf(run)).toEqual([...listed].sort());
    expect(foundIn(await findDeadLetter(tools(), queue, later, { signal }))).toMatchObject({ redrives: 0 });
  });

  test('continues after its limit with the rest, and does not redrive the first part again', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 6);
    const before = new Date(now()).toISOString();
    const tools = { sqs: failingConsumer(queue) };
    const portions = [];
    for (let portion = 0; portion < 4; portion += 1) {
      const { result } = await apply(queue, { before, limit: 3 }, { tools });
      portions.push([result.ended, result.outcomes.redriven]);
    }
    expect(portions.slice(-2)).toEqual([
      ['completed', 0],
      ['completed', 0],
    ]);
    expect(await redrivesLeft(queue)).toEqual(Array.from({ length: 6 }, () => 1));
  });

  test('redrives a dead letter that is named by its id, however new it is', async () => {
    const queue = await newQueue();
    const before = new Date(now() - 3_600_000).toISOString();
    const id = await giveUp(queue, 'm-1', bodyOf(1));
    const { result } = await apply(queue, { select: { ids: [id] }, before });
    expect(result).toMatchObject({ outcomes: { redriven: 1 }, notFound: [], newer: 0 });
  });
});

describe('messages that another reader holds', () => {
  /** Receives every message of the dead-letter queue, like a scan, and returns a function that releases them. */
  async function holdAll(queue: Queue): Promise<() => Promise<void>> {
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queue.deadLetterUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
    );
    const Entries = messages.map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    return async () => {
      await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queue.deadLetterUrl, Entries }));
    };
  }

  /** Waits, of which the last one ends with the release of the messages. */
  function waiting({ until, release }: { until: number; release: () => Promise<void> }) {
    const waits: number[] = [];
    const announced: number[] = [];
    const sleep = async (ms: number) => {
      ahead += ms;
      waits.push(ms);
      if (waits.length === until) await release();
    };
    return { waits, announced, sleep, waitForHeld: { maxMs: 60_000, onWait: (held: number) => announced.push(held) } };
  }

  test('are found by a search that waits, and it says once that it waits', async () => {
    const queue = await newQueue();
    const [id = ''] = await giveUpMany(queue, 3);
    const { waits, announced, sleep, waitForHeld } = waiting({ until: 3, release: await holdAll(queue) });
    const options = { signal, waitForHeld: { ...waitForHeld, now, sleep } };
    expect(foundIn(await findDeadLetter(tools(), queue, id, options))).toMatchObject({ id });
    expect([waits.length, announced]).toEqual([3, [3]]);
    expect(await dead(queue)).toEqual({ waiting: 3, inFlight: 0 });
  });

  test('are reported as held after the longest time for which a scan can hold them', async () => {
    const queue = await newQueue();
    const [id = ''] = await giveUpMany(queue, 3);
    await holdAll(queue);
    const { waits, sleep, waitForHeld } = waiting({ until: Infinity, release: async () => undefined });
    const options = { signal, waitForHeld: { ...waitForHeld, now, sleep } };
    expect(await findDeadLetter(tools(), queue, id, options)).toEqual({ state: 'held', held: 3 });
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(waitForHeld.maxMs);
    expect(ahead).toBeGreaterThan(50_000);
  });

  test('do not make a search for an unknown id wait once they are released', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 3);
    const { waits, sleep, waitForHeld } = waiting({ until: 1, release: await holdAll(queue) });
    const options = { signal, waitForHeld: { ...waitForHeld, now, sleep } };
    expect(await findDeadLetter(tools(), queue, 'unknown', options)).toEqual({ state: 'absent' });
    expect(waits).toHaveLength(1);
  });

  test('are redriven by a command that waits, with those that were visible, each once', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 3);
    const release = await holdAll(queue);
    await giveUp(queue, 'm-visible', 'visible');
    const { sleep, waitForHeld } = waiting({ until: 2, release });
    const { result } = await apply(queue, {}, { tools: { sleep }, waitForHeld });
    expect(result).toMatchObject({ ended: 'completed', outcomes: { redriven: 4 } });
    expect(bodies(await drain(queue.url))).toEqual(
      [...[0, 1, 2].map(bodyOf), 'visible'].sort((a, b) => (a < b ? -1 : 1)),
    );
  });

  test('are redriven if their reader releases them just before the command counts what is held', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 3);
    const release = await holdAll(queue);
    await giveUp(queue, 'm-visible', 'visible');
    let counts = 0;
    const sendAfterRelease = async (command: Parameters<typeof sqs.send>[0]) => {
      if (command instanceof GetQueueAttributesCommand && ++counts === 1) await release();
      return sqs.send(command);
    };
    const { waits, sleep, waitForHeld } = waiting({ until: Infinity, release: async () => undefined });
    const releasing = { sleep, sqs: { send: sendAfterRelease as typeof sqs.send } };
    const { result } = await apply(queue, {}, { tools: releasing, waitForHeld });
    expect(result).toMatchObject({ ended: 'completed', outcomes: { redriven: 4 } });
    expect([waits, counts]).toEqual([[], 2]);
  });

  test('end a command with the word that some are held, so that it does not look complete', async () => {
    const queue = await newQueue();
    const ids = await giveUpMany(queue, 3);
    await holdAll(queue);
    const { sleep, waitForHeld } = waiting({ until: Infinity, release: async () => undefined });
    const { result } = await apply(queue, { select: { ids } }, { tools: { sleep }, waitForHeld });
    expect(result).toMatchObject({ ended: 'held', notFound: ids });
  });
});

describe('undelivered events', () => {
  const detail = { version: 1, type: 'route.decided', runKey: '11-1-1', correlationId: 'd-1', branch: 'fä\uffff' };

  test('a redrive sends the event’s detail to the target of its rule and publishes the action', async () => {
    const bus = await newUndeliveredEvents();
    const id = await leaveUndelivered(bus, detail);
    const deadLetter = foundIn(await findDeadLetter(tools(), bus, id, { signal }));
    expect(deadLetter).toMatchObject({
      queue: 'undelivered-events',
      to: bus.url.split('/').at(-1),
      reason: 'no-resource',
      attempts: 0,
    });
    expect(JSON.parse(deadLetter?.body ?? '')).toMatchObject({ 'detail-type': 'route.decided', detail });

    expect((await apply(bus, {})).result).toMatchObject({ ended: 'completed', outcomes: { redriven: 1 } });
    const [message] = await drain(bus.url);
    expect(JSON.parse(message?.Body ?? '')).toEqual(detail);
    // Counted from here on: a message that also fails in its queue is quarantined after three redrives in total.
    expect(message?.MessageAttributes).toMatchObject({ redrives: { StringValue: '1' } });
    expect(Object.keys(message?.MessageAttributes ?? {})).toEqual(['redrives']);
    expect(await dead(bus)).toEqual({ waiting: 0, inFlight: 0 });
    const data = {
      deadLetterId: id,
      queue: 'undelivered-events',
      deadLetterReason: 'no-resource',
      action: 'redrive',
      result: 'redriven',
    };
    expect(acted()).toMatchObject([{ correlationId: 'd-1', runKey: '11-1-1', data }]);
  });

  test('an event for a queue that is not a target of the bus is not redriven and can be discarded', async () => {
    const [bus, other] = [await newUndeliveredEvents(), await newQueue()];
    await leaveUndelivered(bus, detail, other.url);
    expect((await apply(bus, {})).result.outcomes).toMatchObject({ misplaced: 1, redriven: 0 });
    expect([...(await drain(bus.url)), ...(await drain(other.url))]).toEqual([]);
    expect((await apply(bus, { action: 'discard' })).result.outcomes).toMatchObject({ discarded: 1 });
    expect(await dead(bus)).toEqual({ waiting: 0, inFlight: 0 });
  });

  test('undelivered facts of the redrive itself do not make it run forever', async () => {
    const bus = await newUndeliveredEvents();
    for (const number of [1, 2, 3]) await leaveUndelivered(bus, { ...detail, runKey: `11-${number}-1` });
    const stillBroken = {
      publish: async (published: readonly Fact[]) => {
        facts.push(...published);
        for (const fact of published) await leaveUndelivered(bus, fact);
      },
    };
    const { result } = await apply(bus, { limit: 20 }, { tools: { bus: stillBroken } });
    expect(result).toMatchObject({ ended: 'completed', outcomes: { redriven: 3 } });
    // The next command redrives them.
    expect(await dead(bus)).toEqual({ waiting: 3, inFlight: 0 });
    expect((await apply(bus, { actionId: 'action-2' })).result.outcomes.redriven).toBe(3);
  });
});

describe('many dead letters', () => {
  test('all of them are scanned, and those not selected become visible again', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 123);
    await giveUp(queue, 'm-died', 'died', { reason: 'died' });
    const { result } = await apply(queue, { select: { reason: 'died' } });
    expect(result).toMatchObject({ ended: 'completed', scanned: 124, outcomes: { redriven: 1 } });
    expect(await dead(queue)).toEqual({ waiting: 123, inFlight: 0 });
  });

  test('a command that met its limit continues when it is repeated', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 120);
    const ends = [];
    for (let portion = 0; portion < 3; portion += 1) ends.push((await apply(queue, { limit: 50 })).result);
    expect(ends.map(({ ended, outcomes }) => [ended, outcomes.redriven])).toEqual([
      ['limit', 50],
      ['limit', 50],
      ['completed', 20],
    ]);
    expect(new Set(bodies(await drain(queue.url))).size).toBe(120);
  });

  test('two concurrent commands send each dead letter once', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 120);
    const both = await Promise.all([apply(queue, { actionId: 'a' }), apply(queue, { actionId: 'b' })]);
    expect(both[0].result.outcomes.redriven + both[1].result.outcomes.redriven).toBe(120);
    expect(Math.min(...both.map(({ result }) => result.outcomes.redriven))).toBeGreaterThan(0);
    expect(bodies(await drain(queue.url))).toHaveLength(120);
    expect(new Set(acted().map(({ data }) => data.deadLetterId)).size).toBe(120);
  });
});

describe('stopping', () => {
  test('a stopped command leaves the rest visible and continues when it is repeated', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 25);
    const { result } = await apply(queue, {}, { after: 3 });
    expect(result).toMatchObject({ ended: 'stopped', outcomes: { redriven: 3 } });
    expect(await dead(queue)).toEqual({ waiting: 22, inFlight: 0 });
    expect((await apply(queue, {})).result).toMatchObject({ ended: 'completed', outcomes: { redriven: 22 } });
    expect(new Set(bodies(await drain(queue.url))).size).toBe(25);
  });

  test('a command that is stopped while it waits for the rate limit sends nothing more', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 5);
    const abort = new AbortController();
    const sleep = async () => abort.abort();
    const { result } = await apply(queue, {}, { abort, tools: { sleep }, perSecond: 1 });
    expect(result).toMatchObject({ ended: 'stopped', outcomes: { redriven: 1 } });
    expect(await dead(queue)).toEqual({ waiting: 4, inFlight: 0 });
  });

  test('a command that is stopped before it starts changes nothing', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 1);
    const { result } = await apply(queue, {}, { tools: { sleep: async () => {} }, abort: aborted() });
    expect(result).toMatchObject({ ended: 'stopped', scanned: 0 });
    expect(await dead(queue)).toEqual({ waiting: 1, inFlight: 0 });
  });
});

function aborted(): AbortController {
  const controller = new AbortController();
  controller.abort();
  return controller;
}

describe('failures', () => {
  test('if the fact cannot be published, the dead letter stays', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 2);
    const broken = { publish: async () => Promise.reject(new Error('EventBridge refused')) };
    const { result, deadLetters } = await apply(queue, { action: 'discard' }, { tools: { bus: broken } });
    expect(result.outcomes).toMatchObject({ discarded: 0, failed: 2 });
    expect(deadLetters[0]?.problem).toContain('EventBridge refused');
    expect(await dead(queue)).toEqual({ waiting: 2, inFlight: 0 });
  });

  test('a dead letter that SQS rejects does not block the others', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 12);
    const picky = intercept({
      before: (command) => {
        if (command instanceof SendMessageCommand && command.input.MessageBody === bodyOf(4)) throw new Error('no');
      },
    });
    const { result } = await apply(queue, {}, { tools: { sqs: picky } });
    expect(result).toMatchObject({ ended: 'completed', outcomes: { redriven: 11, failed: 1 } });
    expect(await dead(queue)).toEqual({ waiting: 1, inFlight: 0 });
  });

  test('three consecutive failures end the command with the error', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 12);
    const { result } = await apply({ ...queue, destinations: { [queue.name]: `${queue.url}-nowhere` } }, {});
    expect(result).toMatchObject({ ended: 'failed', outcomes: { redriven: 0, failed: 3 } });
    expect(result.problem).toContain('QueueDoesNotExist');
    expect(await dead(queue)).toEqual({ waiting: 12, inFlight: 0 });
  });

  test('a dead-letter queue that cannot be read ends the command with the error', async () => {
    const queue = await newQueue();
    const { result } = await apply({ ...queue, deadLetterUrl: `${queue.deadLetterUrl}-nowhere` }, {});
    expect(result).toMatchObject({ ended: 'failed', problem: expect.stringContaining('QueueDoesNotExist') });
  });

  test('a warning reports dead letters that could not be made visible again', async () => {
    const queue = await newQueue();
    await giveUpMany(queue, 3);
    const broken = intercept({
      before: (command) => {
        if (command instanceof ChangeMessageVisibilityBatchCommand) throw new Error('no');
      },
    });
    await apply(queue, { dryRun: true }, { tools: { sqs: broken } });
    expect(warnings).toEqual([expect.stringContaining('3 dead letters')]);
  });
});

describe('a process that dies', () => {
  class ProcessDiedError extends Error {}

  /** Counts the calls to SQS and the bus; the process dies before or after call number `at`. */
  function createDyingTools(at: number, when: 'before' | 'after') {
    let calls = 0;
    let isDead = false;
    const guard = async <T>(send: () => Promise<T>): Promise<T> => {
      if (isDead) throw new ProcessDiedError();
      const call = calls;
      calls += 1;
      if (call === at && when === 'before') isDead = true;
      if (isDead) throw new ProcessDiedError();
      const response = await send();
      if (call === at) isDead = true;
      if (isDead) throw new ProcessDiedError();
      return response;
    };
    const send = (command: { input: { VisibilityTimeout?: number } }) => {
      // A short visibility timeout, so that what the dead process held reappears soon.
      if (command instanceof ReceiveMessageCommand) command.input.VisibilityTimeout = 1;
      return guard(() => sqs.send(command as never));
    };
    return {
      tools: {
        sqs: { send: send as never },
        bus: { publish: (each: readonly Fact[]) => guard(() => bus.publish(each)) },
      },
      calls: () => calls,
    };
  }

  const kinds = {
    'a queue': {
      open: newQueue,
      fill: (queue: Queue) => giveUpMany(queue, 3),
    },
    'undelivered events': {
      open: newUndeliveredEvents,
      fill: (bus: Queue) => Promise.all([0, 1, 2].map((number) => leaveUndelivered(bus, JSON.parse(bodyOf(number))))),
    },
  };
  type Kind = keyof typeof kinds;

  async function callsOf(kind: Kind, action: DeadLetterCommand['action']): Promise<number> {
    const queue = await kinds[kind].open();
    await kinds[kind].fill(queue);
    const counting = createDyingTools(Infinity, 'before');
    await apply(queue, { action }, { tools: counting.tools });
    return counting.calls();
  }

  async function survives(kind: Kind, action: DeadLetterCommand['action'], at: number, when: 'before' | 'after') {
    const queue = await kinds[kind].open();
    const ids = await kinds[kind].fill(queue);
    await apply(queue, { action, actionId: 'first' }, { tools: createDyingTools(at, when).tools });
    for (let left = 3; left > 0; ) {
      await apply(queue, { action, actionId: 'second' });
      const { waiting, inFlight } = await dead(queue);
      left = waiting + inFlight;
    }
    const recorded = acted().filter(({ data }) => ids.includes(data.deadLetterId));
    expect(new Set(recorded.map(({ data }) => data.deadLetterId))).toEqual(new Set(ids));
    const sent = new Set(bodies(await drain(queue.url)));
    expect(sent).toEqual(new Set(action === 'redrive' ? [0, 1, 2].map(bodyOf) : []));
  }

  test.each(
    Object.keys(kinds).flatMap((kind) =>
      (['redrive', 'discard'] as const).map((action) => [action, kind as Kind] as const),
    ),
  )('at any call of a %s of %s: no dead letter is lost or stays hidden', async (action, kind) => {
    const calls = await callsOf(kind, action);
    expect(calls).toBe(action === 'redrive' ? 11 : 8);
    const points = Array.from({ length: calls }, (_, at) => at);
    const each = points.flatMap((at) => [survives(kind, action, at, 'before'), survives(kind, action, at, 'after')]);
    await Promise.all(each);
  });
});
