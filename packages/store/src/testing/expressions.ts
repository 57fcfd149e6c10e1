// Evaluates the forms of DynamoDB expressions that the fact store uses. Any other form throws, because a model that
// guessed would prove nothing.

export interface Expressed {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}

export type Attributes = Readonly<Record<string, unknown>>;

function refuse(expression: string): never {
  throw new Error(`The DynamoDB model does not support the expression ${expression}.`);
}

function nameIn({ ExpressionAttributeNames: names = {} }: Expressed, token: string): string {
  if (!token.startsWith('#')) return token;
  return names[token] ?? refuse(token);
}

function valueIn({ ExpressionAttributeValues: values = {} }: Expressed, token: string): unknown {
  return Object.hasOwn(values, token) ? values[token] : refuse(token);
}

function isBefore(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a < b;
  return typeof a === 'number' && typeof b === 'number' && a < b;
}

/**
 * Evaluates a condition: `attribute_not_exists(a)`, `attribute_exists(a)`, `a = :v`, `a < :v`, `a > :v`, joined by OR; or several
 * of them, `(…) AND (…)`.
 */
export function holds(input: Expressed, expression: string | undefined, item: Attributes | undefined): boolean {
  if (expression === undefined) return true;
  const and = ') AND (';
  if (expression.includes(and)) {
    return expression
      .slice(1, -1)
      .split(and)
      .every((part) => holds(input, part, item));
  }
  return expression.split(' OR ').some((term) => {
    const isAbsent = /^attribute_not_exists\(([^)]+)\)$/.exec(term)?.[1];
    if (isAbsent !== undefined) return item?.[nameIn(input, isAbsent)] === undefined;
    const isPresent = /^attribute_exists\(([^)]+)\)$/.exec(term)?.[1];
    if (isPresent !== undefined) return item?.[nameIn(input, isPresent)] !== undefined;
    const [, left = '', operator, right = ''] = /^(\S+) ([=<>]) (:\S+)$/.exec(term) ?? refuse(term);
    const [value, other] = [item?.[nameIn(input, left)], valueIn(input, right)];
    if (operator === '=') return value === other;
    return operator === '<' ? isBefore(value, other) : isBefore(other, value);
  });
}

/** Applies an update: `ADD a :v, …` (a number, or a set), `SET a = :v, b = if_not_exists(b, :v), …`, `REMOVE a, …`, in this order. */
export function updated(input: Expressed, expression: string, item: Attributes): Attributes {
  const [, add, set, removed] =
    /^(?:ADD (.+?))?(?: ?SET (.+?))?(?: ?REMOVE (.+))?$/.exec(expression) ?? refuse(expression);
  const changed: Record<string, unknown> = { ...item };
  for (const part of add?.split(', ') ?? []) {
    const [, path = '', by = ''] = /^(\S+) (:\S+)$/.exec(part) ?? refuse(part);
    const name = nameIn(input, path);
    const added = valueIn(input, by);
    const known = changed[name];
    if (added instanceof Set) changed[name] = new Set([...(known instanceof Set ? known : []), ...added]);
    else changed[name] = Number(known ?? 0) + Number(added);
  }
  for (const part of set?.split(/, (?=[^:\s]+ = )/) ?? []) {
    const [, path = '', whole = ''] = /^(\S+) = (.+)$/.exec(part) ?? refuse(part);
    const name = nameIn(input, path);
    const fallback = /^if_not_exists\((\S+), (:\S+)\)$/.exec(whole);
    if (fallback === null) changed[name] = valueIn(input, whole);
    else changed[name] = changed[nameIn(input, fallback[1] ?? '')] ?? valueIn(input, fallback[2] ?? '');
  }
  for (const path of removed?.split(', ') ?? []) delete changed[nameIn(input, path)];
  return changed;
}

interface KeyCondition {
  readonly hash: string;
  readonly value: string;
  readonly rest: string | undefined;
  readonly between: RegExpExecArray | null;
}

const keyConditions = new Map<string, KeyCondition>();

/** Splits a key condition once: it is evaluated for every item of a partition. */
function keyCondition(expression: string): KeyCondition {
  const known = keyConditions.get(expression);
  if (known !== undefined) return known;
  const [, hash = '', value = '', rest] = /^(\S+) = (:\S+)(?: AND (.+))?$/.exec(expression) ?? refuse(expression);
  const between = rest === undefined ? null : /^(\S+) BETWEEN (:\S+) AND (:\S+)$/.exec(rest);
  const parsed = { hash, value, rest, between };
  keyConditions.set(expression, parsed);
  return parsed;
}

/** Evaluates a key condition: `a = :v`, `a = :v AND b < :v` (or `>`), `a = :v AND b BETWEEN :v AND :w`. */
export function matches(input: Expressed, expression: string, item: Attributes): boolean {
  const { hash, value, rest, between } = keyCondition(expression);
  if (item[nameIn(input, hash)] !== valueIn(input, value)) return false;
  if (rest === undefined) return true;
  if (between === null) return holds(input, rest, item);
  const range = item[nameIn(input, between[1] ?? '')];
  const [first, last] = [valueIn(input, between[2] ?? ''), valueIn(input, between[3] ?? '')];
  return !isBefore(range, first) && !isBefore(last, range);
}

/** Returns the value of the partition key, with which every key condition begins. */
export function hashValue(input: Expressed, expression: string): unknown {
  return valueIn(input, /^\S+ = (:\S+)/.exec(expression)?.[1] ?? refuse(expression));
}
