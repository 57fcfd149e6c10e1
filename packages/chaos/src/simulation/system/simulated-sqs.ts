import type {
  ChangeMessageVisibilityBatchCommandInput,
  ChangeMessageVisibilityCommandInput,
  DeleteMessageBatchCommandInput,
  DeleteMessageCommandInput,
  GetQueueAttributesCommandInput,
  MessageAttributeValue,
  ReceiveMessageCommandInput,
  SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { queues as descriptions, type QueueName, undeliveredEventsQueue } from '@dispatcher/topology';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Clock } from './clock.ts';
import type { MutationCounter } from './mutation-counter.ts';

interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly sentAt: number;
  visibleAt: number;
  receiveCount: number;
  receipt: string;
}

export type AnyQueue = QueueName | `${QueueName}-dead-letters` | typeof undeliveredEventsQueue.name;

/**
 * Standard queues on the simulated clock, with the attributes of the topology: a received message is hidden for the
 * visibility timeout, becomes visible again, and moves to the dead-letter queue after `maxReceiveCount` receives.
 * Messages are received in the order in which they become visible.
 * Source: SQS Developer Guide, "Visibility timeout" and "Dead-letter queues".
 */
export interface SimulatedSqs {
  /** The client that the workers and the redrive of dead letters use. */
  readonly client: Pick<SQSClient, 'send'>;
  send(queue: AnyQueue, body: string): void;
  /** Returns null if no message is visible. */
  receive(queue: QueueName, maxMessages: number): SQSEvent | null;
  /** Applies the batch response as Lambda does: deletes the messages that are not listed as failed. */
  settle(queue: QueueName, event: SQSEvent, response: SQSBatchResponse): void;
  /** Returns when the next message becomes visible, or null if the queues are empty. */
  nextVisibleAt(): number | null;
  bodies(queue: AnyQueue): readonly string[];
  /** Deletes every message, also those in flight. */
  purge(queue: AnyQueue): void;
}

const prefix = 'https://sqs.local/';
export const queueUrl = (queue: AnyQueue): string => prefix + queue;

export function createSimulatedSqs(clock: Clock, mutations: MutationCounter): SimulatedSqs {
  const names = [
    ...descriptions.flatMap(({ name, deadLetterQueue }) => [name, deadLetterQueue]),
    undeliveredEventsQueue.name,
  ];
  const contents = new Map<string, Message[]>(names.map((name) => [name, []]));
  let ids = 0;
  const messagesOf = (queue: string): Message[] => {
    const messages = contents.get(queue);
    if (messages === undefined) throw new Error(`Unknown queue: ${queue}.`);
    return messages;
  };
  const messagesAt = (url: string | undefined): Message[] => messagesOf((url ?? '').slice(prefix.length));

  function send(queue: string, body: string, attributes: Message['attributes'] = {}): string {
    mutations.increment();
    ids += 1;
    const at = clock.now();
    messagesOf(queue).push({
      id: `m${ids}`,
      body,
      attributes,
      sentAt: at,
      visibleAt: at,
      receiveCount: 0,
      receipt: '',
    });
    return `m${ids}`;
  }

  function remove(messages: Message[], receipt: string | undefined): void {
    mutations.increment();
    const at = messages.findIndex((message) => message.receipt === receipt);
    // The receipt handle of an earlier receive deletes nothing: the message was received again since.
    if (at !== -1) messages.splice(at, 1);
  }

  function hide(messages: readonly Message[], receipt: string | undefined, seconds: number): void {
    const message = messages.find((one) => one.receipt === receipt);
    if (message === undefined || message.visibleAt <= clock.now()) {
      throw Object.assign(new Error('The message is not in flight.'), { name: 'MessageNotInflight' });
    }
    mutations.increment();
    message.visibleAt = clock.now() + seconds * 1_000;
  }

  /** Receives up to `maxMessages` visible messages and hides them. */
  function receiveVisible(
    messages: readonly Message[],
    maxMessages: number,
    hiddenSeconds: number,
  ): readonly Message[] {
    const now = clock.now();
    const visible = messages.filter(({ visibleAt }) => visibleAt <= now).sort((a, b) => a.visibleAt - b.visibleAt);
    const received = visible.slice(0, maxMessages);
    for (const message of received) {
      mutations.increment();
      message.receiveCount += 1;
      message.receipt = `${message.id}/${message.receiveCount}`;
      message.visibleAt = now + hiddenSeconds * 1_000;
    }
    return received;
  }

  const operations: Readonly<Record<string, (input: unknown) => object>> = {
    SendMessageCommand: (input) => {
      const { QueueUrl: url = '', MessageBody: body = '', MessageAttributes } = input as SendMessageCommandInput;
      return { MessageId: send(url.slice(prefix.length), body, MessageAttributes) };
    },
    ChangeMessageVisibilityCommand: (input) => {
      const given = input as ChangeMessageVisibilityCommandInput;
      hide(messagesAt(given.QueueUrl), given.ReceiptHandle, given.VisibilityTimeout ?? 0);
      return {};
    },
    ChangeMessageVisibilityBatchCommand: (input) => {
      const { QueueUrl, Entries = [] } = input as ChangeMessageVisibilityBatchCommandInput;
      for (const { ReceiptHandle, VisibilityTimeout = 0 } of Entries) {
        hide(messagesAt(QueueUrl), ReceiptHandle, VisibilityTimeout);
      }
      return { Successful: Entries.map(({ Id }) => ({ Id })) };
    },
    ReceiveMessageCommand: (input) => {
      const { QueueUrl, MaxNumberOfMessages = 1, VisibilityTimeout = 0 } = input as ReceiveMessageCommandInput;
      const received = receiveVisible(messagesAt(QueueUrl), MaxNumberOfMessages, VisibilityTimeout);
      return {
        Messages: received.map(({ id, receipt, body, attributes, sentAt }) => ({
          MessageId: id,
          ReceiptHandle: receipt,
          Body: body,
          MessageAttributes: attributes,
          Attributes: { SentTimestamp: String(sentAt) },
        })),
      };
    },
    GetQueueAttributesCommand: (input) => {
      const messages = messagesAt((input as GetQueueAttributesCommandInput).QueueUrl);
      const waiting = messages.filter(({ visibleAt }) => visibleAt <= clock.now()).length;
      return {
        Attributes: {
          ApproximateNumberOfMessages: String(waiting),
          ApproximateNumberOfMessagesNotVisible: String(messages.length - waiting),
          ApproximateNumberOfMessagesDelayed: '0',
        },
      };
    },
    DeleteMessageBatchCommand: (input) => {
      const { QueueUrl, Entries = [] } = input as DeleteMessageBatchCommandInput;
      for (const { ReceiptHandle } of Entries) remove(messagesAt(QueueUrl), ReceiptHandle);
      return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
    },
    DeleteMessageCommand: (input) => {
      const given = input as DeleteMessageCommandInput;
      remove(messagesAt(given.QueueUrl), given.ReceiptHandle);
      return {};
    },
  };

  return {
    client: {
      send: async (command: { input: object }) => {
        const operation = operations[command.constructor.name];
        if (operation === undefined)
          throw new Error(`The simulated SQS does not implement ${command.constructor.name}.`);
        return operation(command.input);
      },
    },
    send,
    receive: (queue, maxMessages) => {
      const description = descriptions.find(({ name }) => name === queue);
      if (description === undefined) throw new Error(`Unknown queue: ${queue}.`);
      const messages = messagesOf(queue);
      const now = clock.now();
      for (const exhausted of messages.filter(
        (one) => one.visibleAt <= now && one.receiveCount >= description.maxReceiveCount,
      )) {
        messages.splice(messages.indexOf(exhausted), 1);
        send(description.deadLetterQueue, exhausted.body, exhausted.attributes);
      }
      const received = receiveVisible(messages, maxMessages, description.visibilityTimeout);
      return received.length === 0 ? null : { Records: received.map((message) => toRecord(message, queue, now)) };
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

function toRecord(message: Message, queue: QueueName, now: number): SQSRecord {
  return {
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
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
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
    awsRegion: 'us-east-1',
  };
}
