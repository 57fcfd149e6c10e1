import { createHash } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { tryConditionalWrite } from '../conditional-write.ts';
import { expirySeconds, type StateTable } from './state-table.ts';

/** The use of a job's token for a request. */
export interface TokenUse {
  /** Issuer and `jti`: together they identify the token. */
  readonly issuer: string;
  readonly tokenId: string;
  /** Identifies the request with its body. */
  readonly requestId: string;
}

/** Stores for which request the token of a job was used. */
export interface JobTokenStore {
  /** Records the use of a token. Returns false if it was used for another request. */
  use(use: TokenUse): Promise<boolean>;
}

/** Longer than any token is valid. */
const retentionDays = 1;

export function createJobTokenStore(table: StateTable): JobTokenStore {
  return {
    use: ({ issuer, tokenId, requestId }) =>
      tryConditionalWrite(
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: { pk: `job-token#${hashOf(issuer, tokenId)}` },
            UpdateExpression: 'SET requestId = :requestId, expiresAt = :expiresAt',
            // The same request may be repeated: its response can have been lost.
            ConditionExpression: 'attribute_not_exists(pk) OR requestId = :requestId',
            ExpressionAttributeValues: {
              ':requestId': requestId,
              ':expiresAt': expirySeconds(table.now(), retentionDays),
            },
          }),
        ),
      ),
  };
}

function hashOf(issuer: string, tokenId: string): string {
  return createHash('sha256')
    .update(JSON.stringify([issuer, tokenId]))
    .digest('hex');
}
