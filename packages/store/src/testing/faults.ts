import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Meet } from './memory-dynamo.ts';

/** What happens to one call: the process dies before or after it, or DynamoDB answers that another writer was there. */
export type Fault = 'dies-before' | 'dies-after' | 'conflict';

export class Died extends Error {
  override readonly name = 'Died';
}

/** Lets `faultOf` decide on every call of the client, counted from 0, by its command (`TransactWriteItemsCommand`). */
export function withFaults(
  client: DynamoDBDocumentClient,
  faultOf: (call: number, command: string) => Fault | null,
): DynamoDBDocumentClient {
  let calls = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command = context.commandName ?? '';
      const fault = faultOf(calls, command);
      calls += 1;
      if (fault === 'dies-before') throw new Died(`before ${command}`);
      if (fault === 'conflict') throwConflict(command);
      const result = await next(args);
      if (fault === 'dies-after') throw new Died(`after ${command}`);
      return result;
    },
    { step: 'finalizeRequest', name: 'faults' },
  );
  return client;
}

/** The same for a client of the model. @param turnsOf for how many turns others go first, so that writers interleave */
export function meetFaults(faultOf: (call: number) => Fault | null, turnsOf: (call: number) => number): Meet {
  let calls = 0;
  return async (command, perform) => {
    const call = calls;
    calls += 1;
    const fault = faultOf(call);
    for (let turn = turnsOf(call); turn > 0; turn -= 1) await Promise.resolve();
    if (fault === 'dies-before') throw new Died(`before ${command}`);
    if (fault === 'conflict') throwConflict(command);
    const result = perform();
    if (fault === 'dies-after') throw new Died(`after ${command}`);
    return result;
  };
}

/**
 * As DynamoDB refuses what meets another writer's transaction; it never does so to reads, nor to items of no
 * transaction.
 */
function throwConflict(command: string): void {
  const message = 'Transaction is ongoing for the item';
  if (command.startsWith('Update')) throw new TransactionConflictException({ message, $metadata: {} });
  if (!command.startsWith('Transact')) return;
  throw new TransactionCanceledException({
    message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [TransactionConflict]',
    $metadata: {},
    CancellationReasons: [{ Code: 'TransactionConflict' }],
  });
}
