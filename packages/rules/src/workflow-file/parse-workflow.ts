import type { FileSnapshot } from '@dispatcher/contracts';
import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { composeDocument } from '../yaml/yaml-document.ts';
import { maxOnBlockBytes, onBlockOf } from './on-block.ts';

/** An input that a workflow declares under `workflow_dispatch`. */
export interface WorkflowInput {
  /** Null for a type that GitHub does not document, and for options that are not text; values are then not checked. */
  readonly type: 'string' | 'boolean' | 'number' | 'choice' | 'environment' | null;
  readonly required: boolean;
  readonly hasDefault: boolean;
  readonly options: readonly string[];
}

export type WorkflowFile =
  | { readonly state: 'absent' }
  /** Not read, or not plain YAML 1.2. GitHub validates it. */
  | { readonly state: 'unknown' }
  | { readonly state: 'invalid'; readonly message: string }
  | {
      readonly state: 'read';
      /** The events under `on`, as written. */
      readonly triggers: readonly string[];
      /** Null if there is no `workflow_dispatch` trigger. */
      readonly inputs: Readonly<Record<string, WorkflowInput>> | null;
    };

// Several routes of a run, and several runs of a batch, can lead to the same workflow.
const parsed = new WeakMap<FileSnapshot, WorkflowFile>();

/** Returns the triggers and inputs of a target's workflow file. Parses each snapshot once. */
export function readWorkflowFile(snapshot: FileSnapshot | undefined): WorkflowFile {
  if (snapshot === undefined) return { state: 'unknown' };
  const known = parsed.get(snapshot);
  if (known) return known;
  const file = parseSnapshot(snapshot);
  parsed.set(snapshot, file);
  return file;
}

function parseSnapshot(snapshot: FileSnapshot): WorkflowFile {
  if (snapshot.state === 'absent') return { state: 'absent' };
  if (snapshot.state !== 'read' || snapshot.text === null || snapshot.isTruncated) return { state: 'unknown' };
  const block = onBlockOf(snapshot.text);
  return block.length > maxOnBlockBytes ? { state: 'unknown' } : parseWorkflow(block);
}

/**
 * Parses the `on` of a workflow, which is a word, a list or a map.
 *
 * Returns `unknown` for whatever is not plain YAML 1.2: a syntax error or warning, a merge key, an alias or a duplicate
 * key where the triggers and inputs are. GitHub's YAML reader accepts files that ours refuses (a comment directly after
 * a `]`, a quoted text continued in the column of its key), so only GitHub can tell whether such a file is valid.
 */
export function parseWorkflow(text: string): WorkflowFile {
  const { contents, errors, otherVersion } = composeDocument(text);
  if (errors.length > 0 || otherVersion) return { state: 'unknown' };
  if (!isMap(contents)) return { state: 'invalid', message: 'the top level is not a map' };
  if (!isPlainMap(contents)) return { state: 'unknown' };
  const on = valueOf(contents, 'on');
  if (on === undefined) return { state: 'read', triggers: [], inputs: null };
  const triggers = triggersOf(on);
  if (triggers === 'unknown') return { state: 'unknown' };
  if (!triggers.includes('workflow_dispatch')) return { state: 'read', triggers, inputs: null };
  const inputs = isMap(on) ? inputsOf(valueOf(on, 'workflow_dispatch')) : {};
  return inputs === 'unknown' ? { state: 'unknown' } : { state: 'read', triggers, inputs };
}

function triggersOf(on: Node | null): string[] | 'unknown' {
  if (isMap(on)) return isPlainMap(on) ? on.items.map(({ key }) => wordOf(key)) : 'unknown';
  if (isSeq(on)) return on.items.every((item) => isScalar(item)) ? on.items.map(wordOf) : 'unknown';
  if (on === null || isScalar(on)) return [wordOf(on)].filter((word) => word !== '');
  return 'unknown';
}

function inputsOf(dispatch: Node | null | undefined): Record<string, WorkflowInput> | 'unknown' {
  if (isEmpty(dispatch)) return {};
  if (!isPlainMap(dispatch)) return 'unknown';
  const inputs = valueOf(dispatch, 'inputs');
  if (isEmpty(inputs)) return {};
  if (!isPlainMap(inputs)) return 'unknown';
  const declared: [string, WorkflowInput][] = [];
  for (const { key, value } of inputs.items) {
    if (!isEmpty(value as Node | null) && !isPlainMap(value)) return 'unknown';
    declared.push([wordOf(key), inputOf(value as Node | null)]);
  }
  return Object.fromEntries(declared);
}

/** Tells whether a node is absent, `key:` without a value, or null. */
function isEmpty(node: Node | null | undefined): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

/** Tells whether a node is a map whose keys are distinct words, with no merge key among them. */
function isPlainMap(node: unknown): node is YAMLMap {
  if (!isMap(node)) return false;
  const names = node.items.map(({ key }) => (isScalar(key) ? wordOf(key) : '<<'));
  return new Set(names).size === names.length && !names.includes('<<');
}

function inputOf(node: Node | null): WorkflowInput {
  const type = typeOf(node);
  const required = valueOf(node, 'required');
  const options = valueOf(node, 'options');
  return {
    type: type === 'choice' && !isListOfTexts(options) ? null : type,
    required: wordOf(required ?? null).toLowerCase() === 'true',
    hasDefault: !isEmpty(valueOf(node, 'default')),
    options: isSeq(options) ? options.items.map(wordOf) : [],
  };
}

/** Returns the type of an input. An alias is not resolved, so the values of such an input are not checked. */
function typeOf(node: Node | null): WorkflowInput['type'] {
  const type = valueOf(node, 'type');
  if (isEmpty(type)) return 'string';
  const word = wordOf(type);
  return isInputType(word) ? word : null;
}

/**
 * Tells whether a node is a list of YAML strings. GitHub makes text of the *value* of any other scalar: the option
 * `3.10` is `3.1`, and `True` is `true`.
 */
function isListOfTexts(node: Node | null | undefined): boolean {
  return isSeq(node) && node.items.every((item) => isScalar(item) && typeof item.value === 'string');
}

function isInputType(type: string): type is NonNullable<WorkflowInput['type']> {
  return ['string', 'boolean', 'number', 'choice', 'environment'].includes(type);
}

// Compares the source text, not the resolved value: in YAML 1.1 the key `on` resolves to a boolean.
function valueOf(node: Node | null, name: string): Node | null | undefined {
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => wordOf(key) === name);
  return pair && (pair.value as Node | null);
}

function wordOf(node: unknown): string {
  return isScalar(node) ? (node.source ?? String(node.value)) : '';
}
