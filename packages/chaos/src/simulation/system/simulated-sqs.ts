import type {
  ChangeMessageVisibilityBatchCommandInput,
  ChangeMessageVisibilityCommandInput,
  DeleteMessageCommandInput,
  MessageAttributeValue,
  ReceiveMessageCommandInput,
  SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { queues as descriptions, type QueueName } from '@dispatcher/topology';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Changes } from './mutation-counter.ts';
import type { Clock } from './clock.ts';

interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly sentAt: number;
  visibleAt: number;
  received: number;
  receipt: string;
}

export type AnyQueue = QueueName | `${QueueName}-dead-letters`;

/**
 * Standard queues on the harness's clock, with the attributes the topology gives them: a message that was received is
 * hidden for the visibility time-out, comes back, and leaves for the dead letters after `maxReceiveCount`.
 * (SQS Developer Guide: visibility time-out, dead-letter queues. Order is that of becoming visible.)
 */
export interface Queues {
  /** The queue's client as the workers use it, and whoever redrives dead letters. */
  readonly client: Pick<SQSClient, 'send'>;
  send(queue: AnyQueue, body: string): void;
  /** Null where nothing is visible now. */
  receive(queue: QueueName, atMost: number): SQSEvent | null;
  /** What Lambda does with the answer: deletes what is not listed as failed. */
  settle(queue: QueueName, event: SQSEvent, answer: SQSBatchResponse): void;
  /** When the next hidden message becomes visible; null where there is none. */
  nextVisibleAt(): number | null;
  bodies(queue: AnyQueue): readonly string[];
  /** Every message is gone, those in flight too. */
  purge(queue: AnyQueue): void;
}

const prefix = 'https://sqs.local/';
export const queueUrl = (queue: AnyQueue): string => prefix + queue;

export function createQueues(clock: Clock, changes: Changes): Queues {
  const contents = new Map<string, Message[]>(
    descriptions.flatMap(({ name, deadLetterQueue }) => [
      [name, []],
      [deadLetterQueue, []],
    ]),
  );
  let ids = 0;
  const messagesOf = (queue: string): Message[] => {
    const found = contents.get(queue);
    if (found === undefined) throw new Error(`There is no queue ${queue}.`);
    return found;
  };
  const inUrl = (url: string | undefined): Message[] => messagesOf((url ?? '').slice(prefix.length));

  function send(queue: string, body: string, attributes: Message['attributes'] = {}): string {
    changes.note();
    ids += 1;
    const at = clock.now();
    messagesOf(queue).push({ id: `m${ids}`, body, attributes, sentAt: at, visibleAt: at, received: 0, receipt: '' });
    return `m${ids}`;
  }

  function remove(messages: Message[], receipt: string | undefined): void {
    changes.note();
    const at = messages.findIndex((message) => message.receipt === receipt);
    // The receipt of an earlier receive deletes nothing: somebody else has the message now.
    if (at !== -1) messages.splice(at, 1);
  }

  function hide(messages: readonly Message[], receipt: string | undefined, seconds: number): void {
    const message = messages.find((one) => one.receipt === receipt);
    if (message === undefined || message.visibleAt <= clock.now()) {
      throw Object.assign(new Error('The message is not in flight.'), { name: 'MessageNotInflight' });
    }
    changes.note();
    message.visibleAt = clock.now() + seconds * 1_000;
  }

  /** What is visible, up to so many, hidden for so long. */
  function take(messages: readonly Message[], atMost: number, hiddenSeconds: number): readonly Message[] {
    const now = clock.now();
    const visible = messages.filter(({ visibleAt }) => visibleAt <= now).sort((a, b) => a.visibleAt - b.visibleAt);
    const taken = visible.slice(0, atMost);
    for (const message of taken) {
      changes.note();
      message.received += 1;
      message.receipt = `${message.id}/${message.received}`;
      message.visibleAt = now + hiddenSeconds * 1_000;
    }
    return taken;
  }

  const operations: Readonly<Record<string, (input: unknown) => object>> = {
    SendMessageCommand: (input) => {
      const { QueueUrl: url = '', MessageBody: body = '', MessageAttributes } = input as SendMessageCommandInput;
      return { MessageId: send(url.slice(prefix.length), body, MessageAttributes) };
    },
    ChangeMessageVisibilityCommand: (input) => {
      const given = input as ChangeMessageVisibilityCommandInput;
      hide(inUrl(given.QueueUrl), given.ReceiptHandle, given.VisibilityTimeout ?? 0);
      return {};
    },
    ChangeMessageVisibilityBatchCommand: (input) => {
      const { QueueUrl, Entries = [] } = input as ChangeMessageVisibilityBatchCommandInput;
      for (const { ReceiptHandle, VisibilityTimeout = 0 } of Entries) {
        hide(inUrl(QueueUrl), ReceiptHandle, VisibilityTimeout);
      }
      return { Successful: Entries.map(({ Id }) => ({ Id })) };
    },
    ReceiveMessageCommand: (input) => {
      const { QueueUrl, MaxNumberOfMessages = 1, VisibilityTimeout = 0 } = input as ReceiveMessageCommandInput;
      const taken = take(inUrl(QueueUrl), MaxNumberOfMessages, VisibilityTimeout);
      return {
        Messages: taken.map(({ id, receipt, body, attributes, sentAt }) => ({
          MessageId: id,
          ReceiptHandle: receipt,
          Body: body,
          MessageAttributes: attributes,
          Attributes: { SentTimestamp: String(sentAt) },
        })),
      };
    },
    DeleteMessageCommand: (input) => {
      const given = input as DeleteMessageCommandInput;
      remove(inUrl(given.QueueUrl), given.ReceiptHandle);
      return {};
    },
  };

  return {
    client: {
      send: async (command: { input: object }) => {
        const operation = operations[command.constructor.name];
        if (operation === undefined) throw new Error(`The harness's SQS has no ${command.constructor.name}.`);
        return operation(command.input);
      },
    },
    send,
    receive: (queue, atMost) => {
      const description = descriptions.find(({ name }) => name === queue);
      if (description === undefined) throw new Error(`There is no queue ${queue}.`);
      const messages = messagesOf(queue);
      const now = clock.now();
      for (const spent of messages.filter(
        (one) => one.visibleAt <= now && one.received >= description.maxReceiveCount,
      )) {
        messages.splice(messages.indexOf(spent), 1);
        send(description.deadLetterQueue, spent.body, spent.attributes);
      }
      const taken = take(messages, atMost, description.visibilityTimeout);
      return taken.length === 0 ? null : { Records: taken.map((message) => asRecord(message, now)) };
    },
    settle: (queue, { Records }, { batchItemFailures }) => {
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const messages = messagesOf(queue);
      for (const record of Records) if (!failed.has(record.messageId)) remove(messages, record.receiptHandle);
    },
    nextVisibleAt: () => {
      const times = descriptions.flatMap(({ name }) => messagesOf(name).map(({ visibleAt }) => visibleAt));
      return times.length === 0 ? null : Math.min(...times);
    },
    purge: (queue) => void messagesOf(queue).splice(0),
    bodies: (queue) => messagesOf(queue).map(({ body }) => body),
  };
}

function asRecord(message: Message, now: number): SQSRecord {
  return {
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.received),
      SentTimestamp: String(message.sentAt),
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: String(now),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, { DataType = 'String', StringValue = '' }]) => [
        name,
        { dataType: DataType, stringValue: StringValue },
      ]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:local',
    awsRegion: 'us-east-1',
  };
}
