import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DeferError } from '@dispatcher/lambda';
import { decodePlan, encodePlan, retentionDays } from '@dispatcher/store';
import type { Context } from 'aws-lambda';
import { PlanOvertakenError, type PlanPersistence } from './plan-persistence.ts';

// Another worker is planning the same run, or its process died while doing so: its record ends with its invocation.
const retryAfterMs = 5_000;
const expiresAfterSeconds = retentionDays * 24 * 60 * 60;

/**
 * Creates a function that stores the plan which `work` returns, as text, once per key (`planPayload`). It wraps reading
 * and deciding only: an error inside deletes the record, so no failure is stored, and what follows (publishing) can be
 * repeated from the stored plan.
 *
 * The context tells the library when this invocation ends. Without it, a process that died would block retries of the
 * run until the record expires.
 *
 * @param createPersistence creates the persistence of one attempt
 * @throws DeferError while another worker holds the record, or if one took it over
 */
export function createOnce(
  createPersistence: () => PlanPersistence,
  context: Context,
): (key: string, work: () => Promise<string>) => Promise<string> {
  const config = new IdempotencyConfig({ expiresAfterSeconds, throwOnNoIdempotencyKey: true });
  config.registerLambdaContext(context);
  return async (key, work) => {
    const planOnce = makeIdempotent(async (_key: string): Promise<Uint8Array> => encodePlan(await work()), {
      persistenceStore: createPersistence(),
      config,
      keyPrefix: 'plan',
      dataIndexArgument: 0,
    });
    try {
      return decodePlan(await planOnce(key));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error.name === 'IdempotencyAlreadyInProgressError') {
        throw new DeferError('Another worker is planning this run.', retryAfterMs, { cause: error });
      }
      if (error.cause instanceof PlanOvertakenError) {
        throw new DeferError(error.cause.message, retryAfterMs, { cause: error });
      }
      throw error;
    }
  };
}
