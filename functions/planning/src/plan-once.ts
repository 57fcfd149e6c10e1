import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import { DeferError } from '@dispatcher/lambda';
import { planHashFunction, planRetentionSeconds, planKeyPrefix } from '@dispatcher/store';
import type { Context } from 'aws-lambda';

// Another worker is planning the same run, or died while it did: its record ends with its invocation.
const otherWorkerMs = 5_000;

/**
 * Stores the answer of `work` under the key, once. It wraps reading and deciding only: an error inside deletes the
 * record, so that a failure is never kept, and what follows (publishing) can be repeated from the stored plan.
 *
 * The context tells the library when this invocation ends. Without it a process that died would block the run's
 * retries for as long as the record lives.
 *
 * @throws Deferred where another worker has the key at this moment.
 */
export function createOnce(
  persistenceStore: BasePersistenceLayer,
  context: Context,
): (key: string, work: () => Promise<string>) => Promise<string> {
  const config = new IdempotencyConfig({
    expiresAfterSeconds: planRetentionSeconds,
    hashFunction: planHashFunction,
    throwOnNoIdempotencyKey: true,
  });
  config.registerLambdaContext(context);
  return async (key, work) => {
    const planned = makeIdempotent(async (_key: string) => work(), {
      persistenceStore,
      config,
      keyPrefix: planKeyPrefix,
      dataIndexArgument: 0,
    });
    try {
      return await planned(key);
    } catch (error) {
      if (error instanceof Error && error.name === 'IdempotencyAlreadyInProgressError') {
        throw new DeferError('Another worker is planning this run.', otherWorkerMs, { cause: error });
      }
      throw error;
    }
  };
}
