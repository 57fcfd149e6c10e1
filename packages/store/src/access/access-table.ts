import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface AccessTable {
  readonly client: DynamoDBDocumentClient;
  /** Physical name. */
  readonly name: string;
  /** Returns milliseconds since the epoch. */
  readonly now: () => number;
}
