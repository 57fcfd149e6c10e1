import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { IdempotencyRecordStatus } from '@aws-lambda-powertools/idempotency';
import type { IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { planKey, planPersistence } from '@dispatcher/store';

/** Another worker took over the run after the lease of this one had ended. Nothing was written. */
export class PlanOvertakenError extends Error {
  override readonly name = 'PlanOvertakenError';
}

/**
 * Stores the plan of one revision of one run as Powertools' idempotency record (2.35). For one attempt: it remembers until
 * when the attempt holds the record.
 *
 * The library completes and deletes a record without a condition, so a worker that was suspended for longer than its lease
 * would replace the plan that another worker has published meanwhile, or delete it. Here both require that the record is in
 * progress and that this attempt put it.
 */
export class PlanPersistence extends DynamoDBPersistenceLayer {
  readonly #client: Pick<DynamoDBClient, 'send'>;
  readonly #table: string;
  #heldUntil: number | undefined;

  constructor({ client, table }: { readonly client: DynamoDBClient; readonly table: string }) {
    super({ tableName: table, awsSdkV3Client: client, ...planPersistence });
    this.#client = client;
    this.#table = table;
  }

  /** The key in plain text: one record for each run key and revision. */
  protected override getHashedIdempotencyKey(data: Parameters<DynamoDBPersistenceLayer['getRecord']>[0]): string {
    return typeof data === 'string' ? data : super.getHashedIdempotencyKey(data);
  }

  protected override getKey(idempotencyKey: string): Record<string, AttributeValue> {
    const [runKey = '', revision = ''] = idempotencyKey.split('#');
    const { pk, sk } = planKey(runKey, Number(revision));
    return { pk: { S: pk }, sk: { S: sk } };
  }

  protected override async _putRecord(record: IdempotencyRecord): Promise<void> {
    await super._putRecord(record);
    this.#heldUntil = record.inProgressExpiryTimestamp;
  }

  protected override async _updateRecord(record: IdempotencyRecord): Promise<void> {
    const data: unknown = record.responseData;
    if (!(data instanceof Uint8Array)) throw new TypeError('The result to store must be an encoded plan.');
    const { ExpressionAttributeNames: names, ExpressionAttributeValues: values, ...condition } = this.#ifMine();
    const { statusAttr, expiryAttr, dataAttr } = planPersistence;
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: this.getKey(record.idempotencyKey),
          UpdateExpression: 'SET #status = :completed, #expiry = :expiry, #data = :data',
          ...condition,
          ExpressionAttributeNames: { ...names, '#status': statusAttr, '#expiry': expiryAttr, '#data': dataAttr },
          ExpressionAttributeValues: {
            ...values,
            ':completed': { S: IdempotencyRecordStatus.COMPLETED },
            ':expiry': { N: String(record.expiryTimestamp) },
            ':data': { B: data },
          },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // The SDK may have sent the write twice and failed on its own result.
      const stored = error.Item?.[dataAttr]?.B;
      if (stored !== undefined && Buffer.from(stored).equals(data)) return;
      throw new PlanOvertakenError(
        `Another worker planned ${record.idempotencyKey} after the lease of this worker had ended. Retry the message: it publishes the stored plan.`,
        { cause: error },
      );
    }
  }

  protected override async _deleteRecord(record: IdempotencyRecord): Promise<void> {
    try {
      await this.#client.send(
        new DeleteItemCommand({
          TableName: this.#table,
          Key: this.getKey(record.idempotencyKey),
          ...this.#ifMine(),
        }),
      );
    } catch (error) {
      // The record of another worker is not deleted. What failed here is thrown to the caller all the same.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  /** The condition that the record is still in progress, and that this attempt put it. */
  #ifMine() {
    const { statusAttr, inProgressExpiryAttr } = planPersistence;
    return {
      ConditionExpression: '#status = :inProgress AND #until = :until',
      ExpressionAttributeNames: { '#status': statusAttr, '#until': inProgressExpiryAttr },
      ExpressionAttributeValues: {
        ':inProgress': { S: IdempotencyRecordStatus.INPROGRESS },
        ':until': { N: String(this.#heldUntil ?? 0) },
      } satisfies Record<string, AttributeValue>,
    };
  }
}
