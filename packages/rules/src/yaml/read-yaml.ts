import { isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type ParsedNode, type YAMLMap } from 'yaml';
import type { Problem } from '../values/problem.ts';
import { composeDocument, type YamlError } from './yaml-document.ts';

/** A problem and the range of the text it is about, as offsets. */
export interface PlacedProblem extends Problem {
  readonly offset: number;
  readonly end: number;
}

export interface ReadYaml {
  /** Plain objects, arrays, strings, numbers, booleans and null. */
  readonly value: unknown;
  readonly problems: readonly PlacedProblem[];
  /** False if the text is not valid YAML; `value` is then meaningless. */
  readonly isWellFormed: boolean;
  readonly contents: ParsedNode | null;
  readonly lines: LineCounter;
}

/**
 * Reads the subset of YAML that a dispatching.yml may use: maps with text keys, lists and scalars. Anchors, aliases,
 * tags, merge keys and duplicate keys are refused: with any of them, a file can mean something else than it shows.
 */
export function readYaml(text: string): ReadYaml {
  const document = composeDocument(text);
  const problems: PlacedProblem[] = document.errors.map((error) => syntaxProblem(error, text));
  if (document.otherVersion) {
    problems.push({
      offset: 0,
      end: 5,
      message: 'the file declares a YAML version other than 1.2',
      fix: 'remove `%YAML`',
    });
  }
  const value = document.contents === null ? null : plain(document.contents, problems);
  const isWellFormed = document.errors.length === 0;
  return { value, problems, isWellFormed, contents: document.contents, lines: document.lines };
}

function syntaxProblem(error: YamlError, text: string): PlacedProblem {
  const newline = text.indexOf('\n', error.offset);
  const end = newline < 0 ? text.length : newline;
  const message = `invalid YAML: ${error.message.split('\n')[0] ?? ''}`;
  return { offset: error.offset, end, message, fix: 'fix the line; often the indentation or a quote is wrong' };
}

/** Converts a node to a plain value. Recursion is safe: {@link composeDocument} limits the depth. */
function plain(node: Node | null, problems: PlacedProblem[]): unknown {
  if (node === null) return null;
  if (isAlias(node)) {
    problems.push(at(node, 'aliases are not allowed', 'write the value instead'));
    return undefined;
  }
  if (node.anchor !== undefined) problems.push(at(node, 'anchors are not allowed', `remove \`&${node.anchor}\``));
  if (node.tag !== undefined)
    problems.push(at(node, 'tags are not allowed', 'remove the tag; quote the value if it is text'));
  if (isMap(node)) return plainMap(node, problems);
  if (isSeq(node)) return node.items.map((item) => plain(item as Node | null, problems));
  return isScalar(node) ? node.value : undefined;
}

function plainMap(map: YAMLMap, problems: PlacedProblem[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { key, value } of map.items) {
    const item = plain(value as Node | null, problems);
    const name = keyName(key as Node | null);
    const place = (key ?? map) as Node;
    if (name === undefined || name === '__proto__') {
      problems.push(at(place, 'invalid key', 'write a plain word before the `:`'));
    } else if (name === '<<') {
      problems.push(at(place, 'merge keys are not allowed', 'write the keys instead'));
    } else if (Object.hasOwn(result, name)) {
      problems.push(at(place, `duplicate key \`${name.slice(0, 60)}\``, 'remove one of the two'));
    } else {
      result[name] = item;
    }
  }
  return result;
}

function keyName(key: Node | null): string | undefined {
  return isScalar(key) && typeof key.value === 'string' && key.anchor === undefined && key.tag === undefined
    ? key.value
    : undefined;
}

function at(node: Node, message: string, fix: string): PlacedProblem {
  const [offset, end] = node.range ?? [0, 0];
  return { offset, end, message, fix };
}

export interface Place {
  readonly offset: number;
  readonly end: number;
  /** False if the file has nothing at this path. */
  readonly found: boolean;
}

/** Returns the range of the value at a path or, if there is none, of its nearest ancestor. */
export function locate(contents: ParsedNode | null, path: readonly PropertyKey[], part: 'key' | 'value'): Place {
  let node: Node | null = contents;
  let place = rangeOf(contents) ?? { offset: 0, end: 0 };
  for (const [index, segment] of path.entries()) {
    const step = descend(node, segment);
    if (step === undefined) return { ...place, found: false };
    const wanted = part === 'key' && index === path.length - 1 ? step.key : (step.value ?? step.key);
    place = rangeOf(wanted) ?? place;
    node = step.value;
  }
  return { ...place, found: true };
}

function descend(node: Node | null, part: PropertyKey): { key: Node | null; value: Node | null } | undefined {
  if (isSeq(node) && typeof part === 'number') {
    return part < node.items.length ? { key: null, value: node.items[part] as Node | null } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === part);
  return pair && { key: pair.key as Node, value: pair.value as Node | null };
}

function rangeOf(node: Node | null): { offset: number; end: number } | undefined {
  return node?.range ? { offset: node.range[0], end: node.range[1] } : undefined;
}
