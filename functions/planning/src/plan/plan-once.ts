import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import { DeferError } from '@dispatcher/lambda';
import { planHashFunction, planRetentionSeconds, planKeyPrefix } from '@dispatcher/store';
import type { Context } from 'aws-lambda';

// Another worker is planning the same run, or its process died while doing so: its record ends with its invocation.
const retryAfterMs = 5_000;

/**
 * Creates a function that stores the result of `work` under a key, once. It wraps reading and deciding only: an error
 * inside deletes the record, so no failure is stored, and what follows (publishing) can be repeated from the stored
 * plan.
 *
 * The context tells the library when this invocation ends. Without it, a process that died would block retries of the
 * run until the record expires.
 *
 * @throws DeferError while another worker holds the key
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
    const planOnce = makeIdempotent(async (_key: string) => work(), {
      persistenceStore,
      config,
      keyPrefix: planKeyPrefix,
      dataIndexArgument: 0,
    });
    try {
      return await planOnce(key);
    } catch (error) {
      if (error instanceof Error && error.name === 'IdempotencyAlreadyInProgressError') {
        throw new DeferError('Another worker is planning this run.', retryAfterMs, { cause: error });
      }
      throw error;
    }
  };
}
