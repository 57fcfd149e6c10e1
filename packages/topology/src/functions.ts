export type FunctionName = 'ingress' | 'planning' | 'dispatch' | 'facts' | 'admin';

/** Timeouts of the Lambda functions, in seconds. */
export const functionTimeouts: Readonly<Record<FunctionName, number>> = {
  ingress: 10,
  planning: 30,
  dispatch: 30,
  facts: 30,
  admin: 10,
};
