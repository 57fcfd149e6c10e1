import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { asciiJson } from './ascii-json.ts';

export interface Queue {
  /**
   * Sends a message; resolves once SQS has stored it.
   * @param group SQS message group: a standard queue shares its throughput fairly between groups, without ordering
   */
  send(message: object, group: string): Promise<void>;
}

export function createQueue(client: Pick<SQSClient, 'send'>, url: string): Queue {
  return {
    send: async (message, group) => {
      const { MessageId: id } = await client.send(
        new SendMessageCommand({ QueueUrl: url, MessageBody: asciiJson(message), MessageGroupId: group }),
      );
      // A delivery is acknowledged because of this response, so it must prove that the message is stored.
      if (id === undefined) throw new Error('The response of SQS contains no message id.');
    },
  };
}
