import type { ConsumerOptions } from '@dispatcher/lambda';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { DecisionsMessage } from '../act-on-message.ts';
import type { Clock } from './clock.ts';
import type { TestPlans } from './test-plans.ts';

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

type Handler = (event: SQSEvent, context: { getRemainingTimeInMillis: () => number }) => Promise<SQSBatchResponse>;

const visibilityTimeoutMs = 180_000;
const batchSize = 10;

/** An SQS queue on the test's clock: at-least-once delivery, batches of ten, and a visibility timeout. */
export class TestQueue {
  readonly #clock: Clock;
  readonly #messages = new Map<string, Message>();
  #sent = 0;
  readonly deadLetters: DeadLetter[] = [];
  /** How many messages have been received, repeats included. */
  received = 0;

  readonly #plans: TestPlans;

  constructor(clock: Clock, plans: TestPlans) {
    this.#clock = clock;
    this.#plans = plans;
  }

  get size(): number {
    return this.#messages.size;
  }

  /** Sends a decision of a stored plan, or the plan of a source that could not be read. */
  send(message: DecisionsMessage): string {
    return this.sendUnplanned(message.type === 'route.decided' ? this.#plans.add(message) : message);
  }

  /** Sends a message without storing a plan for it. */
  sendUnplanned(message: DecisionsMessage): string {
    this.#sent += 1;
    const id = `m${this.#sent}`;
    this.#messages.set(id, { id, body: JSON.stringify(message), visibleAt: this.#clock.now(), receives: 0 });
    return id;
  }

  /** Deletes every message without handling it. */
  deleteAll(): void {
    this.#messages.clear();
  }

  /** The SQS client for the consumer. */
  readonly sqs: ConsumerOptions<DecisionsMessage>['sqs'] = {
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
        case 'DeleteMessageBatchCommand':
          for (const { ReceiptHandle: each } of input['Entries'] as { readonly ReceiptHandle: string }[])
            this.#messages.delete(each);
          break;
        case 'SendMessageCommand': {
          const attributes = input['MessageAttributes'] as Record<string, { StringValue: string }>;
          const [reason = '', detail = ''] = ['reason', 'detail'].map((name) => attributes[name]?.StringValue);
          this.deadLetters.push({ body: String(input['MessageBody']), reason, detail });
          break;
        }
        default:
          throw new Error(`TestQueue does not support ${command.constructor.name}.`);
      }
      return {};
    }) as never,
  };

  /** Delivers one batch of the messages that are visible now. */
  async step(handle: Handler): Promise<void> {
    await this.#plans.save();
    const visible = [...this.#messages.values()].filter(({ visibleAt }) => visibleAt <= this.#clock.now());
    const batch = visible.toSorted((left, right) => left.visibleAt - right.visibleAt).slice(0, batchSize);
    for (const message of batch) {
      message.receives += 1;
      message.visibleAt = this.#clock.now() + visibilityTimeoutMs;
    }
    this.received += batch.length;
    const { batchItemFailures } = await handle(
      { Records: batch.map(recordOf) },
      // Real time, which does not matter in these tests.
      { getRemainingTimeInMillis: () => 900_000 },
    );
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { id } of batch) if (!failed.has(id)) this.#messages.delete(id);
  }

  /** Delivers batches until the queue is empty, advancing the clock to the next message if none is visible. */
  async drain(handle: Handler, maxSteps = 2_000): Promise<void> {
    for (let steps = 0; this.#messages.size > 0; steps += 1) {
      if (steps === maxSteps) throw new Error(`${this.#messages.size} messages are left after ${steps} batches.`);
      this.#clock.advanceTo(Math.min(...[...this.#messages.values()].map(({ visibleAt }) => visibleAt)));
      await this.step(handle);
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
