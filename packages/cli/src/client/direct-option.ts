import { UsageError } from '../command.ts';

export interface DirectOptions {
  readonly direct: boolean;
  readonly as?: string | undefined;
}

export const directDescription =
  'use AWS directly instead of the API, with the AWS credentials and the variables of the environment: for when the API is down';
export const asDescription = 'with --direct: the operator to record (default: the user of this machine)';

/** @throws UsageError for a name that the API would not use: it records its own principal */
export function checkDirect({ direct, as }: DirectOptions): void {
  if (as === undefined || direct) return;
  throw new UsageError('--as needs --direct: the API records the principal of your credentials as the operator.');
}
