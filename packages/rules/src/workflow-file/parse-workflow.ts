import type { FileSnapshot } from '@dispatcher/contracts';
import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import { quote } from '../values/problem.ts';
import { composeDocument } from '../yaml/yaml-document.ts';
import { maxOnBlockBytes, onBlockOf } from './on-block.ts';

/** An input that a workflow declares under `workflow_dispatch`. */
export interface WorkflowInput {
  /** Null for a type that GitHub does not document; values are then not checked. */
  readonly type: 'string' | 'boolean' | 'number' | 'choice' | 'environment' | null;
  readonly required: boolean;
  readonly hasDefault: boolean;
  readonly options: readonly string[];
}

export type WorkflowFile =
  | { readonly state: 'absent' }
  /** Not read, or uses YAML features that are not resolved here. GitHub validates it. */
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

/** Parses the `on` of a workflow, which is a word, a list or a map. */
export function parseWorkflow(text: string): WorkflowFile {
  const { contents, errors } = composeDocument(text);
  const error = errors[0];
  if (error) return { state: 'invalid', message: quote(error.message, 120) };
  if (!isMap(contents)) return { state: 'invalid', message: 'the top level is not a map' };
  const on = valueOf(contents, 'on');
  if (on === undefined) return { state: 'read', triggers: [], inputs: null };
  // The anchor can be anywhere in the file. GitHub resolves it.
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
    // An aliased property is not resolved, so the values of such an input are not checked.
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

// Compares the source text, not the resolved value: in YAML 1.1 the key `on` resolves to a boolean.
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
