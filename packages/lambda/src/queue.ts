import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { asciiJson } from './ascii-json.ts';

export interface Queue {
  /**
   * Resolves once SQS has stored the message.
   * @param group messages of one group share the queue fairly with those of others (a standard queue: no ordering).
   */
  send(message: object, group: string): Promise<void>;
}

export function createQueue(client: Pick<SQSClient, 'send'>, url: string): Queue {
  return {
    send: async (message, group) => {
      const { MessageId: id } = await client.send(
        new SendMessageCommand({ QueueUrl: url, MessageBody: asciiJson(message), MessageGroupId: group }),
      );
      // "Acknowledged means stored" rests on this answer, so an answer without an id is no answer.
      if (id === undefined) throw new Error('SQS answered without a message id.');
    },
  };
}
