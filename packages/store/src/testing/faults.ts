import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Meet } from './memory-dynamo.ts';

/**
 * Fault of one call: the process crashes before or after it, DynamoDB reports a conflict with another writer, or leaves
 * keys of a batch unprocessed.
 */
export type Fault = 'dies-before' | 'dies-after' | 'conflict' | 'unprocessed';

/** Simulates the crash of the process at a call. */
export class ProcessCrashError extends Error {
  override readonly name = 'Died';
}

/** Injects faults into a client: `faultOf` gets each call's number, from 0, and command (`TransactWriteItemsCommand`). */
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
      if (fault === 'dies-before') throw new ProcessCrashError(`before ${command}`);
      if (fault === 'conflict') throwConflict(command);
      const result = await next(args);
      if (fault === 'dies-after') throw new ProcessCrashError(`after ${command}`);
      return result;
    },
    { step: 'finalizeRequest', name: 'faults' },
  );
  return client;
}

/**
 * Injects faults into a client of the DynamoDB model.
 * @param yieldsOf number of microtasks that a call waits, so that concurrent writers interleave
 */
export function meetFaults(faultOf: (call: number) => Fault | null, yieldsOf: (call: number) => number): Meet {
  let calls = 0;
  return async (command, perform, input) => {
    const call = calls;
    calls += 1;
    const fault = faultOf(call);
    for (let yields = yieldsOf(call); yields > 0; yields -= 1) await Promise.resolve();
    if (fault === 'dies-before') throw new ProcessCrashError(`before ${command}`);
    if (fault === 'conflict') throwConflict(command);
    const result = perform();
    if (fault === 'dies-after') throw new ProcessCrashError(`after ${command}`);
    return fault === 'unprocessed' && command === 'BatchGetCommand' ? withoutHalf(input, result) : result;
  };
}

type Key = Readonly<Record<string, unknown>>;
interface BatchRequest {
  readonly RequestItems: Readonly<Record<string, { readonly Keys: readonly Key[] }>>;
}
interface BatchResult {
  readonly Responses: Readonly<Record<string, readonly Key[]>>;
}

/** Leaves every second key of a batch unprocessed. */
function withoutHalf(input: object, result: object): object {
  const { RequestItems: requested } = input as BatchRequest;
  const { Responses: responses } = result as BatchResult;
  const left = Object.entries(requested).map(([table, request]) => {
    const Keys = request.Keys.filter((_, index) => index % 2 === 1);
    return [table, { ...request, Keys }] as const;
  });
  const isLeft = (table: string, item: Key) =>
    left.some(([of, { Keys }]) => of === table && Keys.some(({ pk, sk }) => pk === item['pk'] && sk === item['sk']));
  const kept = Object.entries(responses).map(
    ([table, items]) => [table, items.filter((item) => !isLeft(table, item))] as const,
  );
  const unprocessed = left.filter(([, { Keys }]) => Keys.length > 0);
  return { Responses: Object.fromEntries(kept), UnprocessedKeys: Object.fromEntries(unprocessed) };
}

/** Throws the error of a conflict with another writer's transaction. DynamoDB never throws it for reads. */
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
