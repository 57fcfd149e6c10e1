import { AwsError } from './aws-error.ts';
import type { DynaliteError } from './dynalite.ts';

export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** The same failure as an AWS client knows it; what is no answer of DynamoDB's is thrown on. */
export function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const body = (error as Partial<DynaliteError>).body;
  if (body === undefined) throw error;
  return new AwsError(body.__type.split('#').at(-1) ?? body.__type, body.message ?? body.Message ?? '');
}
