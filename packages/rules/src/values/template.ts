import type { RunTrigger } from '@dispatcher/contracts';
import { problemOfInputName } from './fields.ts';
import type { Parsed } from './pattern.ts';
import { type Problem, quote } from './problem.ts';
import { meantField } from './template-field-names.ts';
import { isTemplateField, templateFields, type TemplateField } from './template-fields.ts';

/** Literal text, fields and inputs that a job sets, in order. */
export type Template = readonly (string | { readonly field: TemplateField } | { readonly jobInput: string })[];

export const maxValueLength = 1024;
/** GitHub's limit of the characters of all inputs together. */
export const maxInputsLength = 65_535;

// Many programs treat U+2028 and U+2029 as line breaks. A lone surrogate is not valid text.
const forbiddenInField = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

// A person wrote a literal, and may have broken its lines.
const forbiddenInLiteral = /[^\P{Cc}\t\n\r]|[\p{Zl}\p{Zp}\p{Cs}]/u;

/** Returns whether a value has line breaks or tabs. No pattern of an inbound rule accepts such a value. */
export function hasLineBreaks(value: string): boolean {
  return /[\t\n\r]/.test(value);
}

/** Returns what is wrong with the literal value of an input, or null. It may have line breaks and tabs. */
export function problemOfValue(value: string): Problem | null {
  if (forbiddenInLiteral.test(value)) {
    return { message: 'the value contains control characters other than line breaks and tabs', fix: 'remove them' };
  }
  // The limit is in characters, not in UTF-16 units. Counting them is needed only if there are enough units.
  if (value.length > maxValueLength && Array.from(value).length > maxValueLength) {
    return { message: `the value is longer than ${maxValueLength} characters`, fix: 'shorten it' };
  }
  return null;
}

/**
 * Returns what is wrong with a value that a job sets, or null: a job may send what GitHub accepts, with line breaks, such as
 * a list of changes or a digest.
 */
function problemOfJobValue(value: string): Problem | null {
  return /[^\P{Cc}\t\n\r]|\p{Cs}/u.test(value)
    ? { message: 'the value contains control characters other than tabs and line breaks', fix: 'remove them' }
    : null;
}

/** Returns what is wrong with the length of all inputs of a dispatch together, or null. */
export function problemOfLength(inputs: Readonly<Record<string, string>>): string | null {
  const length = Object.entries(inputs).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return length <= maxInputsLength ? null : `all inputs together are longer than ${maxInputsLength} characters`;
}

const jobInputPrefix = 'job.inputs.';

/** Returns the names of the inputs of a job that a template uses. */
export function jobInputsOf(template: Template): string[] {
  return template.flatMap((part) => (typeof part === 'object' && 'jobInput' in part ? [part.jobInput] : []));
}

/** Returns the names of the fields that a template uses. */
export function fieldsOf(template: Template): TemplateField[] {
  return template.flatMap((part) => (typeof part === 'object' && 'field' in part ? [part.field] : []));
}

/** Parses text with `${{ source.<field> }}`, `${{ dispatch.<field> }}` and `${{ job.inputs.<name> }}`. There are no functions or expressions. */
export function parseTemplate(text: string): Parsed<Template> {
  const parts: Template[number][] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('${{', at);
    if (open < 0) break;
    const close = text.indexOf('}}', open);
    if (close < 0) return { problem: { message: '`${{` is not closed', fix: 'close it with `}}`' } };
    const name = text.slice(open + 3, close).trim();
    const part = partOf(name);
    if ('message' in part) return { problem: part };
    if (open > at) parts.push(text.slice(at, open));
    parts.push(part);
    at = close + 2;
  }
  if (at < text.length) parts.push(text.slice(at));
  const literals = parts.filter((part) => typeof part === 'string');
  const problem = literals.map(problemOfLiteral).find((found) => found !== null) ?? problemOfValue(literals.join(''));
  return problem ? { problem } : { value: parts };
}

function partOf(name: string): Exclude<Template[number], string> | Problem {
  if (isTemplateField(name)) return { field: name };
  if (!name.startsWith(jobInputPrefix)) return unknownField(name);
  const jobInput = name.slice(jobInputPrefix.length);
  return problemOfInputName(jobInput) ?? { jobInput };
}

/**
 * Returns the problem of a field in literal text: `{{ source.id }}` without the `$`. It would be sent as it stands, and
 * the workflow would be started with braces where it expects a value.
 */
function problemOfLiteral(text: string): Problem | null {
  const field = /\{\{\s*((?:source|dispatch|job)\.[^{}\s]*)\s*\}\}/i.exec(text);
  if (field === null) return null;
  const [written, name = ''] = field;
  const meant = 'message' in partOf(name) ? meantField(name) : name;
  return {
    message: `\`${quote(written, 60)}\` lacks the \`$\` of a template and would be sent as text`,
    fix: meant === null ? listOfFields() : `write \`\${{ ${meant} }}\``,
  };
}

/** Returns a warning if a value contains `{{ … }}` that is sent as text although it looks like a template, or null. */
export function warningOfTemplate(text: string): Problem | null {
  const braces = /(?<!\$)\{\{[^{}]*\}\}/.exec(text);
  return braces === null
    ? null
    : {
        message: `\`${quote(braces[0], 60)}\` is sent as text`,
        fix: 'if it is meant as a template, write `${{ source.<field> }}` or `${{ dispatch.<field> }}`',
      };
}

function unknownField(name: string): Problem {
  const meant = meantField(name);
  const isOfPullRequest = /pull_?request|(?:^|[._])(?:pr|pull)(?:[._]|$)/i.test(name);
  return {
    message: `unknown template field \`${quote(name, 60)}\``,
    fix:
      meant === null
        ? `${isOfPullRequest ? 'the only field of the pull request is `source.pull_request_number`; ' : ''}${listOfFields()}`
        : `did you mean \`${meant}\`?`,
  };
}

function listOfFields(): string {
  return `use one of ${Object.keys(templateFields).join(', ')}`;
}

export interface TemplateContext {
  readonly run: RunTrigger;
  readonly dispatchId: string;
  readonly depth: number;
}

/** Returns the rendered value, or what is wrong with it. Inserted values are not parsed as templates. */
export function renderTemplate(template: Template, context: TemplateContext): Parsed<string> {
  const isOfJob = jobInputsOf(template).length > 0;
  const maxLength = isOfJob ? maxInputsLength : maxValueLength;
  let text = '';
  for (const part of template) {
    if (typeof part === 'string') {
      text += part;
    } else if ('jobInput' in part) {
      const value = jobInputOf(part.jobInput, context);
      if (value === null) {
        return { problem: { message: `the job sets no input \`${part.jobInput}\``, fix: 'set it in the request' } };
      }
      text += value;
    } else {
      const value = fieldValue(part.field, context);
      if (value === null) {
        return { problem: { message: `\`${part.field}\` has no value for this run`, fix: 'use another field' } };
      }
      if (forbiddenInField.test(value)) {
        const message = `\`${part.field}\` contains control characters or line breaks`;
        return { problem: { message, fix: 'use another field' } };
      }
      text += value;
    }
    // A template can repeat a field thousands of times. Stop early, before the text grows large.
    if (text.length > 2 * maxLength) break;
  }
  const problem = isOfJob ? problemOfJobValue(text) : problemOfValue(text);
  return problem ? { problem } : { value: text };
}

function jobInputOf(name: string, { run }: TemplateContext): string | null {
  const inputs = run.type === 'run.completed' ? {} : (run.request.inputs ?? {});
  return Object.hasOwn(inputs, name) ? (inputs[name] ?? null) : null;
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
    case 'source.pull_request_number':
      return run.run.pullRequestNumber === undefined ? null : String(run.run.pullRequestNumber);
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
