import type { EventPattern, Matcher } from '@dispatcher/topology';

// The part of EventBridge's pattern language that Dispatcher's rules use: exact values, prefix, anything-but, numeric,
// exists, nested fields, `$or`. An array in the event matches if one of its elements does.

export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or') return alternativesOf(expected).some((alternative) => matchesPattern(alternative, event));
    const actual = isRecord(event) ? event[field] : undefined;
    return isMatchers(expected) ? matchesField(expected, actual) : matchesPattern(expected as EventPattern, actual);
  });
}

function matchesField(matchers: readonly Matcher[], actual: unknown): boolean {
  const values = Array.isArray(actual) ? actual : [actual];
  return matchers.some((matcher) => values.some((value) => matches(matcher, value)));
}

function matches(matcher: Matcher, value: unknown): boolean {
  if (typeof matcher !== 'object' || matcher === null) return value === matcher;
  if ('exists' in matcher) return (value !== undefined) === matcher.exists;
  if ('prefix' in matcher) return typeof value === 'string' && value.startsWith(matcher.prefix);
  if ('anything-but' in matcher) {
    return value !== undefined && ![matcher['anything-but']].flat().some((unwanted) => unwanted === value);
  }
  if ('numeric' in matcher) return typeof value === 'number' && matchesNumbers(matcher.numeric, value);
  throw new Error(`The local EventBridge does not implement the matcher ${JSON.stringify(matcher)}.`);
}

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

/** `terms` are pairs as EventBridge writes them: `['>', 0, '<=', 5]`. */
function matchesNumbers(terms: readonly (string | number)[], value: number): boolean {
  for (let at = 0; at < terms.length; at += 2) {
    const compare = comparisons[String(terms[at])];
    const limit = terms[at + 1];
    if (compare === undefined || typeof limit !== 'number') {
      throw new Error(`A numeric matcher must consist of pairs like '>', 0; this one is ${JSON.stringify(terms)}.`);
    }
    if (!compare(value, limit)) return false;
  }
  return true;
}

type Expected = EventPattern[string];

function alternativesOf(expected: Expected): readonly EventPattern[] {
  if (!Array.isArray(expected)) throw new Error('The value of `$or` must be a list of patterns.');
  return expected as readonly EventPattern[];
}

function isMatchers(expected: Expected): expected is readonly Matcher[] {
  return Array.isArray(expected);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
