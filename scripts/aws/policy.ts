// The part of IAM's policy evaluation that the roles of the functions use.

export interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** One call of a function: several items of one request are several calls. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  /** The values of each condition key of the request. */
  readonly context: Readonly<Record<string, readonly string[]>>;
}

/** Returns whether a statement allows the call. Nothing is allowed that no statement allows. */
export function isAllowed(statements: readonly Statement[], call: Call): boolean {
  return statements.some(
    ({ Effect, Action, Resource, Condition = {} }) =>
      Effect === 'Allow' &&
      Action.includes(call.action) &&
      Resource.some((pattern) => matchesPattern(pattern, call.resource)) &&
      Object.entries(Condition).every(([operator, keys]) =>
        Object.entries(keys).every(([key, allowed]) => holds(operator, allowed, call.context[key] ?? [])),
      ),
  );
}

function holds(operator: string, allowed: readonly string[], values: readonly string[]): boolean {
  const isLike = operator.endsWith('StringLike');
  const matches = (value: string) => allowed.some((each) => (isLike ? matchesPattern(each, value) : each === value));
  if (operator.startsWith('ForAllValues:')) return values.every(matches);
  if (operator === 'StringEquals' || operator === 'StringLike') return values.length > 0 && values.every(matches);
  throw new Error(`The policy has the operator ${operator}, which scripts/aws/policy.ts does not evaluate.`);
}

function matchesPattern(pattern: string, text: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(text);
}
