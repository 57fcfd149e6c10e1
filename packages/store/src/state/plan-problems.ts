import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { readItem, type StateTable } from './state-table.ts';

/**
 * Stores whether the newest plan of a repository had a problem that its tracking issue reports. Planning marks the
 * valid plan that ends the problem, so that no other valid plan is sent to dispatch.
 */
export interface PlanProblemStore {
  /** Records a problem, before a plan with this problem is stored. `at`: milliseconds since the epoch. */
  begin(repositoryId: number, at: number): Promise<void>;
  /** Returns whether a problem is recorded that no newer valid plan has ended. */
  isOpen(repositoryId: number): Promise<boolean>;
  /** Records that the plan made at this time, in milliseconds since the epoch, was valid. */
  end(repositoryId: number, plannedAt: number): Promise<void>;
  /** Returns when the newest valid plan that ended a problem was made, in milliseconds since the epoch; null if none was. */
  endedAt(repositoryId: number): Promise<number | null>;
}

const PlanProblem = z.object({ problemAt: z.optional(z.number()), validAt: z.optional(z.number()) });

// Without expiry: a problem can last for years, and there is at most one item per repository.
export function createPlanProblemStore(table: StateTable): PlanProblemStore {
  const find = async (repositoryId: number) => z.parse(PlanProblem, (await readItem(table, keyOf(repositoryId))) ?? {});
  // The newest time wins, whatever the order of the writes.
  const raise = async (repositoryId: number, attribute: 'problemAt' | 'validAt', at: number) => {
    await tryConditionalWrite(
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk: keyOf(repositoryId) },
          UpdateExpression: `SET ${attribute} = :at`,
          ConditionExpression: `attribute_not_exists(${attribute}) OR ${attribute} < :at`,
          ExpressionAttributeValues: { ':at': at },
        }),
      ),
    );
  };
  return {
    begin: (repositoryId, at) => raise(repositoryId, 'problemAt', at),
    isOpen: async (repositoryId) => {
      const { problemAt, validAt } = await find(repositoryId);
      return problemAt !== undefined && (validAt === undefined || validAt < problemAt);
    },
    end: (repositoryId, plannedAt) => raise(repositoryId, 'validAt', plannedAt),
    endedAt: async (repositoryId) => (await find(repositoryId)).validAt ?? null,
  };
}

function keyOf(repositoryId: number): string {
  return `plan-problem#${repositoryId}`;
}
