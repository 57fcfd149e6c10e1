import type { RouteDecided } from '@dispatcher/contracts';
import type { ConsumerOptions } from '@dispatcher/lambda';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Clock } from './clock.ts';

interface Message {
  readonly id: string;
  readonly body: string;
  visibleAt: number;
  receives: number;
}

export interface DeadLetter {
  readonly body: string;
  readonly reason: string;
  readonly detail: string;
}

type Consume = (event: SQSEvent, context: { getRemainingTimeInMillis: () => number }) => Promise<SQSBatchResponse>;

const visibilityTimeoutMs = 180_000;
const batchSize = 10;

/**
 * A queue on the test's clock: at least once, ten at a time, and a time-out after which an unfinished message is back.
 */
export class TestQueue {
  readonly #clock: Clock;
  readonly #messages = new Map<string, Message>();
  #sent = 0;
  readonly deadLetters: DeadLetter[] = [];
  /** How often messages were handed out. */
  handed = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#messages.size;
  }

  send(message: RouteDecided): string {
    this.#sent += 1;
    const id = `m${this.#sent}`;
    this.#messages.set(id, { id, body: JSON.stringify(message), visibleAt: this.#clock.now(), receives: 0 });
    return id;
  }

  /** Messages that nobody will handle any more. */
  deleteAll(): void {
    this.#messages.clear();
  }

  /** What the loop asks of SQS. */
  readonly sqs: ConsumerOptions<RouteDecided>['sqs'] = {
    send: (async (command: {
      readonly constructor: { readonly name: string };
      readonly input: Record<string, unknown>;
    }) => {
      const { input } = command;
      const receipt = String(input['ReceiptHandle']);
      switch (command.constructor.name) {
        case 'ChangeMessageVisibilityCommand': {
          const message = this.#messages.get(receipt);
          if (message !== undefined) message.visibleAt = this.#clock.now() + Number(input['VisibilityTimeout']) * 1000;
          break;
        }
        case 'DeleteMessageCommand':
          this.#messages.delete(receipt);
          break;
        case 'SendMessageCommand': {
          const attributes = input['MessageAttributes'] as Record<string, { StringValue: string }>;
          const [reason = '', detail = ''] = ['reason', 'detail'].map((name) => attributes[name]?.StringValue);
          this.deadLetters.push({ body: String(input['MessageBody']), reason, detail });
          break;
        }
        default:
          throw new Error(`The test's queue does not know ${command.constructor.name}.`);
      }
      return {};
    }) as never,
  };

  /** Hands out what is visible now, once. */
  async step(consume: Consume): Promise<void> {
    const due = [...this.#messages.values()].filter(({ visibleAt }) => visibleAt <= this.#clock.now());
    const batch = due.toSorted((left, right) => left.visibleAt - right.visibleAt).slice(0, batchSize);
    for (const message of batch) {
      message.receives += 1;
      message.visibleAt = this.#clock.now() + visibilityTimeoutMs;
    }
    this.handed += batch.length;
    const { batchItemFailures } = await consume(
      { Records: batch.map(recordOf) },
      // In real time, which is not what these tests are about.
      { getRemainingTimeInMillis: () => 900_000 },
    );
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { id } of batch) if (!failed.has(id)) this.#messages.delete(id);
  }

  /** Works until nothing is left, moving the clock to the next message wherever none is visible. */
  async drain(consume: Consume, mostSteps = 2_000): Promise<void> {
    for (let steps = 0; this.#messages.size > 0; steps += 1) {
      if (steps === mostSteps) throw new Error(`${this.#messages.size} messages are left after ${steps} batches.`);
      this.#clock.advanceTo(Math.min(...[...this.#messages.values()].map(({ visibleAt }) => visibleAt)));
      await this.step(consume);
    }
  }
}

function recordOf({ id, body, receives }: Message): SQSRecord {
  return {
    messageId: id,
    receiptHandle: id,
    body,
    attributes: { ApproximateReceiveCount: String(receives) },
  } as SQSRecord;
}
