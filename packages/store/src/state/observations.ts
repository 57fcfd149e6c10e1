import { DateTime } from '@dispatcher/contracts';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { readItem, type StateTable } from './state-table.ts';

/** What was last observed of one repository: enough to say whether it changed, and that it is gone. */
export const Observation = z.object({
  repositoryId: z.int(),
  /** Identifies the content: see `observationKey` of the rules. */
  key: z.string(),
  observedAt: DateTime,
  /** `owner/name` */
  repository: z.string(),
  installationId: z.int(),
  visibility: z.enum(['public', 'private', 'internal']),
  isGone: z.boolean(),
});
export type Observation = z.infer<typeof Observation>;

export interface ObservationStore {
  /** Returns null if the repository was never observed. */
  getObservation(repositoryId: number): Promise<Observation | null>;
  /** Replaces an earlier observation; a later one stays. Lists the repository under its installation. */
  putObservation(observation: Observation): Promise<void>;
  /** Returns the repositories that were ever observed in an installation, one of {@link memberBuckets} parts of them. */
  getMembers(installationId: number, bucket: number): Promise<readonly number[]>;
  /** Returns the installations in which a repository was ever observed. */
  getInstallations(): Promise<readonly number[]>;
}

/** A part of the members of an installation is one small item, so that adding one costs a few write units. */
export const memberBuckets = 64;

const observationKey = (repositoryId: number) => `observed#${repositoryId}`;
const membersKey = (installationId: number, bucket: number) => `members#${installationId}#${bucket}`;

const installationsKey = 'observed-installations';

export function createObservationStore(table: StateTable): ObservationStore {
  const listed = new Set<number>();

  /** Adds a number to a set that is stored as one item. */
  async function add(pk: string, member: number): Promise<void> {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk },
        UpdateExpression: 'ADD members :id',
        ExpressionAttributeValues: { ':id': new Set([member]) },
      }),
    );
  }

  async function read(pk: string): Promise<readonly number[]> {
    const { Item: item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: { pk }, ConsistentRead: true }),
    );
    const members = item?.['members'];
    return members instanceof Set ? [...members].map(Number).sort((a, b) => a - b) : [];
  }

  return {
    getObservation: async (repositoryId) => {
      const item = await readItem(table, observationKey(repositoryId));
      return item === null ? null : z.parse(Observation, item);
    },
    putObservation: async (observation) => {
      const { repositoryId, installationId, observedAt } = observation;
      // First: a repository that is observed and not listed could never be found to be gone.
      if (!listed.has(installationId)) await add(installationsKey, installationId);
      listed.add(installationId);
      await add(membersKey(installationId, repositoryId % memberBuckets), repositoryId);
      await tryConditionalWrite(
        table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: { pk: observationKey(repositoryId), ...observation },
            ConditionExpression: 'attribute_not_exists(pk) OR observedAt < :at OR observedAt = :at',
            ExpressionAttributeValues: { ':at': observedAt },
          }),
        ),
      );
    },
    getMembers: (installationId, bucket) => read(membersKey(installationId, bucket)),
    getInstallations: () => read(installationsKey),
  };
}
