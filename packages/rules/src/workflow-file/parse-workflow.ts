import type { FileSnapshot } from '@dispatcher/contracts';
import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import { quote } from '../values/problem.ts';
import { composeDocument, maxFileBytes } from '../yaml/yaml-document.ts';

/** An input as a workflow declares it under `workflow_dispatch`. */
export interface WorkflowInput {
  /** Null where it is none of GitHub's: then nothing is said about values. */
  readonly type: 'string' | 'boolean' | 'number' | 'choice' | 'environment' | null;
  readonly required: boolean;
  readonly hasDefault: boolean;
  readonly options: readonly string[];
}

export type WorkflowFile =
  | { readonly state: 'absent' }
  /** Not read, or written in a way we do not follow: GitHub decides. */
  | { readonly state: 'unknown' }
  | { readonly state: 'invalid'; readonly message: string }
  | {
      readonly state: 'read';
      /** The events under `on`, as written. */
      readonly triggers: readonly string[];
      /** Null where there is no `workflow_dispatch`. */
      readonly inputs: Readonly<Record<string, WorkflowInput>> | null;
    };

// One run can lead to one workflow by many routes, and one batch to one target by many runs.
const parsed = new WeakMap<FileSnapshot, WorkflowFile>();

/** What matters of a target's workflow file. Parsed once for each reading. */
export function readWorkflowFile(reading: FileSnapshot | undefined): WorkflowFile {
  if (reading === undefined) return { state: 'unknown' };
  const known = parsed.get(reading);
  if (known) return known;
  const file = parseReading(reading);
  parsed.set(reading, file);
  return file;
}

function parseReading(reading: FileSnapshot): WorkflowFile {
  if (reading.state === 'absent') return { state: 'absent' };
  if (reading.state !== 'read' || reading.text === null || reading.isTruncated) return { state: 'unknown' };
  if (reading.byteSize > maxFileBytes || reading.text.length > maxFileBytes) return { state: 'unknown' };
  return parseWorkflow(reading.text);
}

/** Parses the `on` of a workflow in each of its shapes: a word, a list, a map. */
export function parseWorkflow(text: string): WorkflowFile {
  const { contents, errors } = composeDocument(text);
  const error = errors[0];
  if (error) return { state: 'invalid', message: quote(error.message, 120) };
  if (!isMap(contents)) return { state: 'invalid', message: 'it is no map' };
  const on = valueOf(contents, 'on');
  if (on === undefined) return { state: 'read', triggers: [], inputs: null };
  // An anchor elsewhere in the file could be anything: GitHub resolves it.
  if (isAlias(on) || (isMap(on) && on.items.some(({ key, value }) => isMergeKey(key) || isAlias(value)))) {
    return { state: 'unknown' };
  }
  const triggers = triggersOf(on);
  if (!triggers.includes('workflow_dispatch')) return { state: 'read', triggers, inputs: null };
  const inputs = isMap(on) ? inputsOf(valueOf(on, 'workflow_dispatch')) : {};
  return inputs === 'unknown' ? { state: 'unknown' } : { state: 'read', triggers, inputs };
}

function triggersOf(on: Node | null): string[] {
  if (isMap(on)) return on.items.map(({ key }) => wordOf(key));
  if (isSeq(on)) return on.items.map(wordOf);
  return [wordOf(on)];
}

function inputsOf(dispatch: Node | null | undefined): Record<string, WorkflowInput> | 'unknown' {
  const inputs = isMap(dispatch) ? valueOf(dispatch, 'inputs') : undefined;
  if (isAlias(inputs)) return 'unknown';
  if (!isMap(inputs)) return {};
  const declared: [string, WorkflowInput][] = [];
  for (const { key, value } of inputs.items) {
    if (isMergeKey(key) || isAlias(value)) return 'unknown';
    declared.push([wordOf(key), inputOf(value as Node | null)]);
  }
  return Object.fromEntries(declared);
}

function inputOf(node: Node | null): WorkflowInput {
  const type = wordOf(valueOf(node, 'type') ?? null) || 'string';
  const required = valueOf(node, 'required');
  const value = valueOf(node, 'default');
  const options = valueOf(node, 'options');
  return {
    // An aliased property could be anything, so nothing is said about the values of such an input.
    type: isInputType(type) && !(type === 'choice' && !isPlainList(options)) ? type : null,
    required: wordOf(required ?? null).toLowerCase() === 'true',
    hasDefault: value !== undefined && value !== null && !(isScalar(value) && value.value === null),
    options: isSeq(options) ? options.items.map(wordOf) : [],
  };
}

function isPlainList(node: Node | null | undefined): boolean {
  return isSeq(node) && node.items.every((item) => isScalar(item));
}

function isInputType(type: string): type is NonNullable<WorkflowInput['type']> {
  return ['string', 'boolean', 'number', 'choice', 'environment'].includes(type);
}

// By what is written, not by what it resolves to: a file that asks for YAML 1.1 makes the key `on` a boolean.
function valueOf(node: Node | null, name: string): Node | null | undefined {
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => wordOf(key) === name);
  return pair && (pair.value as Node | null);
}

function wordOf(node: unknown): string {
  return isScalar(node) ? (node.source ?? String(node.value)) : '';
}

function isMergeKey(key: unknown): boolean {
  return wordOf(key) === '<<';
}

/** What is wrong with a value for the input, or null. GitHub checks the same when it is asked to start the workflow. */
export function problemOfInput(input: WorkflowInput, value: string): string | null {
  switch (input.type) {
    case 'boolean':
      return value === 'true' || value === 'false' ? null : 'true or false';
    case 'number':
      return value.trim() !== '' && Number.isFinite(Number(value)) ? null : 'a number';
    case 'choice':
      return input.options.includes(value) ? null : `one of ${input.options.join(', ')}`;
    case 'environment':
      return value !== '' && value.length <= 255 ? null : 'the name of an environment';
    default:
      return null;
  }
}
