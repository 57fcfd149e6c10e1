import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface AccessTable {
  readonly client: DynamoDBDocumentClient;
  /** Physical name. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
