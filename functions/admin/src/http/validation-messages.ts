import type * as z from 'zod';

/** The parts of a request, as Fastify names them. */
const parts: Readonly<Record<string, string>> = {
  querystring: 'query parameter',
  params: 'path parameter',
  body: 'field',
  headers: 'header',
};

type Issue = z.core.$ZodIssue;

/**
 * Returns the problems of an invalid request as plain sentences that name the parameters.
 * @param part Fastify's name of the part of the request: `querystring`, `params`, `body`
 */
export function validationMessage(issues: readonly Issue[], part: string | undefined): string {
  const noun = parts[part ?? ''] ?? 'field';
  return issues.map((issue) => sentenceOf(issue, noun)).join(' ');
}

function sentenceOf(issue: Issue, noun: string): string {
  if (issue.code === 'unrecognized_keys') return unknownNames(issue.keys, noun);
  const message = messageOf(issue);
  if (issue.path.length === 0)
    return asSentence(noun === 'field' && isAboutBody(issue) ? `The body ${message}` : message);
  return asSentence(`The ${noun} \`${pathOf(issue.path)}\` ${message}`);
}

/** Says whether the issue is about the body itself, for example a text where an object is expected. */
const isAboutBody = ({ code }: Issue): boolean => code !== 'custom';

function unknownNames(names: readonly string[], noun: string): string {
  const list = names.map((name) => `\`${name}\``).join(', ');
  return names.length === 1
    ? `There is no ${noun} ${list} here. Remove it, or correct its name.`
    : `There are no ${noun}s ${list} here. Remove them, or correct their names.`;
}

/** Returns what is wrong with the value: a predicate that follows its name. */
function messageOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return isMissing(issue) ? 'is missing' : `must be ${withArticle(issue.expected)}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((value) => `\`${String(value)}\``).join(', ')}`;
    case 'too_small':
      return `must ${limit('at least', issue.minimum, issue.origin)}`;
    case 'too_big':
      return `must ${limit('at most', issue.maximum, issue.origin)}`;
    case 'invalid_format':
    case 'custom':
      return asPredicate(issue.message);
    default:
      return `is invalid: ${withoutCapital(issue.message)}`;
  }
}

/** A message of our schemas is a predicate (`must not be…`, `is no…`), an instruction (`write a run id`), or a sentence. */
function asPredicate(message: string): string {
  return /^(?:write|name|use) /.test(message) ? `is invalid: ${message}` : message;
}

// zod names no missing value in the issue, only in its default message.
function isMissing(issue: Issue & { code: 'invalid_type' }): boolean {
  return issue.input === undefined && /received undefined/.test(issue.message);
}

function limit(comparison: string, bound: number | bigint, origin: string): string {
  if (origin === 'string') return `have ${comparison} ${counted(bound, 'character')}`;
  if (origin === 'array' || origin === 'set') return `have ${comparison} ${counted(bound, 'item')}`;
  return `be ${comparison} ${bound}`;
}

function counted(count: number | bigint, noun: string): string {
  return `${count} ${noun}${Number(count) === 1 ? '' : 's'}`;
}

const types: Readonly<Record<string, string>> = {
  int: 'a whole number in decimal digits',
  number: 'a whole number in decimal digits',
  string: 'a single text',
  boolean: '`true` or `false`',
  object: 'a JSON object',
  array: 'a JSON array',
  record: 'a JSON object',
};

function withArticle(type: string): string {
  return types[type] ?? type;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

function withoutCapital(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function asSentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return capital.endsWith('.') ? capital : `${capital}.`;
}
