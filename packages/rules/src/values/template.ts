import type { RunCompleted } from '@dispatcher/contracts';
import type { Parsed } from './pattern.ts';
import { type Problem, quote } from './problem.ts';
import { suggest } from './suggest.ts';

/** Every field that a template can use, with a description of its value. */
export const templateFields = {
  'source.head_sha': 'the commit the source run ran on',
  'source.head_branch': 'the branch the source run ran on',
  'source.id': 'the id of the source run',
  'source.run_number': 'the run number of the source run, counted per workflow',
  'source.run_attempt': 'the attempt of the source run; 1 for the first',
  'source.event': 'the event that triggered the source run',
  'source.conclusion': 'the conclusion of the source run',
  'source.html_url': 'the URL of the source run on GitHub',
  'source.repository': 'the source repository as `owner/name`',
  'source.workflow': 'the file name of the source workflow',
  'source.actor': 'the login of the user who triggered the source run',
  'dispatch.id': 'the id of this dispatch. Retries keep it; a replay with `dispatch-again` creates a new one',
  'dispatch.depth': 'the number of dispatches in the chain up to the started run; 1 for the first',
} as const;
export type TemplateField = keyof typeof templateFields;

/** Literal text and fields, in order. */
export type Template = readonly (string | { readonly field: TemplateField })[];

export const maxValueLength = 1024;

// Many programs treat U+2028 and U+2029 as line breaks. A lone surrogate is not valid text.
const forbiddenInValue = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Returns what is wrong with the value of an input, or null. */
export function problemOfValue(value: string): Problem | null {
  if (forbiddenInValue.test(value)) {
    return { message: 'the value contains control characters or line breaks', fix: 'remove them' };
  }
  // The limit is in characters, not in UTF-16 units. Counting them is needed only if there are enough units.
  if (value.length > maxValueLength && Array.from(value).length > maxValueLength) {
    return { message: `the value is longer than ${maxValueLength} characters`, fix: 'shorten it' };
  }
  return null;
}

/** Parses text with `${{ source.<field> }}` and `${{ dispatch.<field> }}`. There are no functions or expressions. */
export function parseTemplate(text: string): Parsed<Template> {
  const parts: (string | { field: TemplateField })[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('${{', at);
    if (open < 0) break;
    const close = text.indexOf('}}', open);
    if (close < 0) return { problem: { message: '`${{` is not closed', fix: 'close it with `}}`' } };
    const name = text.slice(open + 3, close).trim();
    if (!isField(name)) return { problem: unknownField(name) };
    if (open > at) parts.push(text.slice(at, open));
    parts.push({ field: name });
    at = close + 2;
  }
  if (at < text.length) parts.push(text.slice(at));
  const literal = problemOfValue(parts.filter((part) => typeof part === 'string').join(''));
  return literal ? { problem: literal } : { value: parts };
}

function isField(name: string): name is TemplateField {
  return Object.hasOwn(templateFields, name);
}

function unknownField(name: string): Problem {
  const fields = Object.keys(templateFields);
  const last = name.split('.').at(-1) ?? '';
  const close = suggest(name, fields) ?? suggest(`source.${name}`, fields);
  const meant =
    close ?? fields.find((field) => last.length > 1 && (field.endsWith(`.${last}`) || field.endsWith(`_${last}`)));
  return {
    message: `unknown template field \`${quote(name, 60)}\``,
    fix: meant ? `did you mean \`${meant}\`?` : `use one of ${fields.join(', ')}`,
  };
}

export interface TemplateContext {
  readonly run: RunCompleted;
  readonly dispatchId: string;
  readonly depth: number;
}

/** Returns the rendered value, or what is wrong with it. Inserted values are not parsed as templates. */
export function renderTemplate(template: Template, context: TemplateContext): Parsed<string> {
  let text = '';
  for (const part of template) {
    const value = typeof part === 'string' ? part : fieldValue(part.field, context);
    if (value === null) {
      const field = typeof part === 'string' ? part : part.field;
      return { problem: { message: `\`${field}\` has no value for this run`, fix: 'use another field' } };
    }
    text += value;
    // A template can repeat a field thousands of times. Stop early, before the text grows large.
    if (text.length > 2 * maxValueLength) break;
  }
  const problem = problemOfValue(text);
  return problem ? { problem } : { value: text };
}

function fieldValue(field: TemplateField, { run, dispatchId, depth }: TemplateContext): string | null {
  switch (field) {
    case 'source.head_sha':
      return run.run.headSha;
    case 'source.head_branch':
      return run.run.headBranch;
    case 'source.id':
      return String(run.run.id);
    case 'source.run_number':
      return String(run.run.number);
    case 'source.run_attempt':
      return String(run.run.attempt);
    case 'source.event':
      return run.run.event;
    case 'source.conclusion':
      return run.run.conclusion;
    case 'source.html_url':
      return run.run.htmlUrl;
    case 'source.repository':
      return `${run.repository.owner}/${run.repository.name}`;
    case 'source.workflow':
      return run.workflow;
    case 'source.actor':
      return run.run.actor;
    case 'dispatch.id':
      return dispatchId;
    case 'dispatch.depth':
      return String(depth);
    default:
      return field satisfies never;
  }
}
