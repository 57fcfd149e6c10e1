import { AwsError } from './aws-error.ts';
import type { DynaliteError } from './dynalite.ts';

export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** Converts a failure of dynalite to an AWS error. Rethrows anything that is not an error response of DynamoDB. */
export function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const body = (error as Partial<DynaliteError>).body;
  if (body === undefined) throw error;
  return new AwsError(body.__type.split('#').at(-1) ?? body.__type, body.message ?? body.Message ?? '');
}
