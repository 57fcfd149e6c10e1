import { foldName, requesterKinds } from '@dispatcher/contracts';
import type { z } from 'zod/mini';
import type {
  AcceptedInput,
  CompiledFile,
  Conditions,
  DispatchingFile,
  InboundRule,
  InboundTarget,
  OutboundRule,
  TargetPattern,
} from './compiled-file.ts';
import { isTargetPattern, workflowFileName, type RepositoryPattern } from '../values/names.ts';
import { type Parsed, parseGlob, parsePattern } from '../values/pattern.ts';
import { type FileError, type Problem, quote } from '../values/problem.ts';
import { locate, type PlacedProblem, readYaml, type ReadYaml } from '../yaml/read-yaml.ts';
import { replacementOfKey } from './former-keys.ts';
import { indexRules } from './rule-index.ts';
import { type ConditionsText, FileSchema, type FileText, keysAt, placeOf } from './schema.ts';
import { type Warning, warningsOf } from './warnings.ts';
import { suggest } from '../values/suggest.ts';
import { parseTemplate } from '../values/template.ts';
import { maxFileBytes } from '../yaml/yaml-document.ts';

export const maxRules = 1000;

// More than anyone reads. Limits the output for malicious files.
const maxErrors = 100;

export const tooLarge: Problem = {
  message: `the file is larger than ${maxFileBytes / 1024} KB`,
  fix: 'use fewer rules',
};

/** Where a file is. Changes messages and warnings only, and never what the file means. */
export interface FileLocation {
  readonly path?: string;
  /** `owner/name` of the repository that contains the file, for warnings about the file's own workflows. */
  readonly repository?: string | undefined;
}

/**
 * Parses and compiles a dispatching.yml. Enforcement, `dispatcher validate` and the tests of the JSON Schema all use
 * this function. Returns all errors of the file at once, in file order, at most 100; for a file without errors
 * the warnings. Never throws, for any text.
 * An empty file has no rules.
 */
export function compileFile(text: string, at: FileLocation = {}): CompiledFile {
  const file = at.path ?? 'dispatching.yml';
  if (exceedsBytes(text, maxFileBytes)) {
    return { ok: false, errors: [{ file, line: 1, column: 1, text: '', ...tooLarge }] };
  }
  const read = readYaml(text);
  const parsed = FileSchema.safeParse(read.value ?? {});
  const problems = [...read.problems];
  if (!parsed.success && read.isWellFormed) {
    // A value refused as YAML (an alias, for example) would be reported a second time as having the wrong type.
    const places = new Set(problems.map(({ offset }) => offset));
    problems.push(...placeIssues(parsed.error.issues, read).filter(({ offset }) => !places.has(offset)));
  }
  if (problems.length === 0 && parsed.success) {
    const tooMany = problemOfCount(parsed.data, read);
    if (tooMany === null) {
      const compiled = compileRules(parsed.data);
      const placed = placeWarnings(warningsOf(parsed.data, compiled, at.repository ?? null), read);
      return { ok: true, file: compiled, warnings: asFileErrors(placed, read, text, file) };
    }
    problems.push(tooMany);
  }
  return { ok: false, errors: asFileErrors(problems, read, text, file) };
}

/** The rules of a valid file as plain data: as the file writes them. */
export interface PlainRules {
  readonly outbound: readonly unknown[];
  readonly inbound: readonly unknown[];
}

/** Returns the rules of a valid file as plain data; null for any other text. {@link compilePlainRules} compiles them. */
export function plainRulesOf(text: string): PlainRules | null {
  const parsed = FileSchema.safeParse(readYaml(text).value ?? {});
  return parsed.success ? { outbound: parsed.data.outbound ?? [], inbound: parsed.data.inbound ?? [] } : null;
}

/** Compiles rules that were stored as plain data; null if they do not match the schema, as those of a newer release. */
export function compilePlainRules(rules: PlainRules): DispatchingFile | null {
  const parsed = FileSchema.safeParse(rules);
  return parsed.success ? compileRules(parsed.data) : null;
}

/** UTF-8 needs one to three bytes per UTF-16 unit, so only texts between these bounds must be encoded. */
export function exceedsBytes(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  return text.length * 3 > limit && new TextEncoder().encode(text).length > limit;
}

function problemOfCount(data: FileText, read: ReadYaml): PlacedProblem | null {
  const rules = (data.outbound?.length ?? 0) + (data.inbound?.length ?? 0);
  if (rules <= maxRules) return null;
  const { offset, end } = locate(read.contents, [data.outbound ? 'outbound' : 'inbound'], 'key');
  return { offset, end, message: `the file has ${rules} rules`, fix: `use at most ${maxRules}` };
}

export function asFileErrors(
  problems: readonly PlacedProblem[],
  read: ReadYaml,
  text: string,
  file: string,
): FileError[] {
  return problems
    .slice(0, maxErrors)
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, end, message, fix }) => {
      const { line, col } = read.lines.linePos(offset);
      return { file, line, column: col, text: quote(text.slice(offset, Math.min(end, offset + 200))), message, fix };
    });
}

type Issue = z.core.$ZodIssue;

/** Returns the valid keys of the map at a path, or what to write instead of an invalid one. */
export interface KnownKeys {
  keysAt(path: readonly PropertyKey[]): readonly string[];
  replacementOf(path: readonly PropertyKey[], key: string, map: unknown): string | null;
}

const keysOfFile: KnownKeys = {
  keysAt,
  replacementOf: (path, key, map) => replacementOfKey(placeOf(path), key, map),
};

/** Adds positions to issues. Finding a position is linear in the file, so it stops at the error limit. */
export function placeIssues(issues: readonly Issue[], read: ReadYaml, known: KnownKeys = keysOfFile): PlacedProblem[] {
  const placed: PlacedProblem[] = [];
  for (const issue of issues.flatMap(withoutUnion)) {
    const room = maxErrors - placed.length;
    if (room <= 0) break;
    if (issue.code === 'unrecognized_keys') {
      placed.push(...issue.keys.slice(0, room).map((key) => unknownKey(issue.path, key, { read, known })));
    } else {
      placed.push(placeIssue(issue, read));
    }
  }
  return placed;
}

/**
 * Returns the issues of the alternative of a union that the value was meant as: the one that accepts its type. If none
 * does, returns one issue about the type.
 */
function withoutUnion(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const isOfType = (issues: readonly Issue[]) =>
    issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0);
  const meant = issue.errors.find(isOfType) ?? issue.errors[0]?.slice(0, 1) ?? [];
  return meant.map((nested) => ({ ...nested, path: [...issue.path, ...nested.path] }));
}

function placeWarnings(warnings: readonly Warning[], read: ReadYaml): PlacedProblem[] {
  return warnings.slice(0, maxErrors).map(({ path, message, fix }) => {
    const { offset, end } = locate(read.contents, path, 'value');
    return { offset, end, message, fix };
  });
}

function unknownKey(
  path: readonly PropertyKey[],
  key: string,
  { read, known }: { readonly read: ReadYaml; readonly known: KnownKeys },
): PlacedProblem {
  const { offset, end } = locate(read.contents, [...path, key], 'key');
  const fix = known.replacementOf(path, key, valueAt(read.value, path)) ?? fixOfKey(key, known.keysAt(path));
  return { offset, end, message: `unknown key \`${quote(key, 60)}\``, fix };
}

function fixOfKey(key: string, known: readonly string[]): string {
  const close = suggest(key, known);
  return close ? `did you mean \`${close}\`?` : `valid keys are ${known.map((name) => `\`${name}\``).join(', ')}`;
}

function placeIssue(issue: Issue, read: ReadYaml): PlacedProblem {
  const { offset, end, found } = locate(read.contents, issue.path, issue.code === 'invalid_key' ? 'key' : 'value');
  const problem = problemOfCheck(issue.code === 'invalid_key' ? issue.issues[0] : issue);
  if (problem) return { offset, end, ...problem };
  if (!found) {
    const key = String(issue.path.at(-1));
    return { offset, end, message: `\`${key}\` is missing`, fix: `add \`${key}:\`` };
  }
  return { offset, end, ...typeProblem(issue, valueAt(read.value, issue.path)) };
}

/** Returns the problem that one of the schema's own checks attached to an issue. */
function problemOfCheck(issue: Issue | undefined): Problem | undefined {
  return issue?.code === 'custom' ? (issue.params?.['problem'] as Problem | undefined) : undefined;
}

function typeProblem(issue: Issue, value: unknown): Problem {
  const takesOthers = issue.code === 'invalid_value' && issue.values.some((word) => typeof word !== 'string');
  if (issue.code === 'invalid_value' && (typeof value === 'string' || (takesOthers && typeof value === 'number'))) {
    const words = issue.values.map(String);
    const close = suggest(String(value), words);
    const fix = close ? `did you mean \`${close}\`?` : `use one of ${words.join(', ')}`;
    return { message: `\`${quote(String(value), 60)}\` is not a valid value of \`${keyOf(issue.path)}\``, fix };
  }
  const isOutOfRange = issue.code === 'too_small' || issue.code === 'too_big';
  const ofOtherCode = takesOthers ? 'enabled' : isOutOfRange ? 'int' : 'string';
  const expected = issue.code === 'invalid_type' ? issue.expected : ofOtherCode;
  const { type, fix } = expectation(expected, value, keyOf(issue.path));
  const actual = expected === 'int' && typeof value === 'number' ? String(value) : typeNameOf(value);
  return { message: `${nameOf(issue.path)} must be ${type}, but is ${actual}`, fix };
}

/** Returns how a message refers to the value at a path: by its key, or by the key of the list that contains it. */
function nameOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the file';
  const key = `\`${keyOf(path)}\``;
  return typeof path.at(-1) === 'number' ? `an entry of ${key}` : key;
}

function keyOf(path: readonly PropertyKey[]): string {
  return String(path.findLast((part) => typeof part !== 'number') ?? '');
}

function typeNameOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  const names: Readonly<Record<string, string>> = { object: 'a map', string: 'text', number: 'a number' };
  return names[typeof value] ?? 'a boolean';
}

function expectation(expected: string, value: unknown, key: string): { readonly type: string; readonly fix: string } {
  if (expected === 'array') return { type: 'a list', fix: 'write `[…]`, or one line with `- ` for each entry' };
  if (expected === 'enabled') return { type: '`true`, `false` or `dry-run`', fix: 'write one of them' };
  if (expected === 'object' || expected === 'record') return { type: 'a map', fix: 'write `key: value` lines' };
  if (expected === 'int' || expected === 'number') {
    const example = key === 'attempts' ? '`1` for the first attempt' : '`123456`';
    return { type: 'a whole number from 1', fix: `write a number, such as ${example}` };
  }
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  return { type: 'text', fix: isPlain ? `quote it: '${String(value)}'` : 'write text' };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<PropertyKey, unknown>)[part];
  }
  return current;
}

function compileRules(data: FileText): DispatchingFile {
  const outbound = (data.outbound ?? []).map((rule, index) => outboundRule(rule, `outbound[${index}]`));
  const inbound = (data.inbound ?? []).map((rule, index) => inboundRule(rule, `inbound[${index}]`));
  return { outbound, inbound, index: indexRules(outbound, inbound) };
}

function outboundRule(rule: NonNullable<FileText['outbound']>[number], label: string): OutboundRule {
  return {
    label,
    ...sourceConditions(rule.source),
    targets: rule.targets.map((target, index) => ({
      label: `${label}.targets[${index}]`,
      repository: target.repository,
      pattern: targetPattern(target),
      repositoryId: target['repository-id'] ?? null,
      workflow: workflowFileName(target.workflow),
      id: target.id ?? null,
      ref: target.ref ?? null,
      inputs: Object.fromEntries(
        Object.entries(target.inputs ?? {}).map(([name, value]) => [name, valid(parseTemplate(value))]),
      ),
      enabled: target.enabled ?? true,
      check: target.check ?? null,
    })),
  };
}

type TargetText = NonNullable<FileText['outbound']>[number]['targets'][number];

function targetPattern({ repository: text, public: isPublic = false }: TargetText): TargetPattern | null {
  return isTargetPattern(text) ? { text, name: valid(parseGlob(foldName(text))), isPublic } : null;
}

type InboundText = NonNullable<FileText['inbound']>[number];

function inboundRule({ source, targets, enabled = true }: InboundText, label: string): InboundRule {
  return {
    enabled,
    source: inboundSource(source),
    targets: targets.map((target, index) => inboundTarget(target, `${label}.targets[${index}]`)),
  };
}

function inboundSource(source: InboundText['source']): InboundRule['source'] {
  for (const kind of requesterKinds) {
    const name = source[kind];
    if (name !== undefined) return { kind, name };
  }
  const { source: first, needs } = sourceConditions(source);
  return {
    ...first,
    needs,
    repository: repositoryPattern(present(source.repository)),
    repositoryId: source['repository-id'] ?? null,
  };
}

function inboundTarget(target: InboundText['targets'][number], label: string): InboundTarget {
  const { workflow, 'event-type': eventType, refs = [], inputs = [] } = target;
  return eventType === undefined
    ? {
        label,
        workflow: workflowFileName(present(workflow)),
        refs: refs.map((ref) => valid(parsePattern(ref))),
        inputs: inputs.flatMap(acceptedInputs),
        report: target.report ?? 'status',
      }
    : { label, eventType };
}

type InputText = NonNullable<InboundText['targets'][number]['inputs']>[number];

function acceptedInputs(entry: InputText): AcceptedInput[] {
  if (typeof entry === 'string') return [{ name: entry, values: null }];
  return Object.entries(entry).map(([name, values]) => ({
    name,
    values: values.map((value) => valid(parsePattern(value))),
  }));
}

/** Compiles the conditions of a rule. Those beside `needs` are for each needed workflow that has none of its own. */
function sourceConditions(source: ConditionsText): Pick<OutboundRule, 'source' | 'needs'> {
  if (source.needs === undefined) return { source: conditions(source), needs: null };
  const needs = source.needs.map((need) =>
    conditions({ ...source, ...(typeof need === 'string' ? { workflow: need } : need) }),
  );
  return { source: present(needs[0]), needs };
}

function conditions(source: ConditionsText): Conditions {
  const { workflow, job } = source;
  return {
    kind: job === undefined ? 'run' : 'job',
    workflow: workflowFileName(present(workflow ?? job)),
    branches: source.branches?.map((branch) => valid(parsePattern(branch))) ?? null,
    tags: source.tags?.map((tag) => valid(parsePattern(tag))) ?? null,
    events: source.events ?? null,
    conclusions: source.conclusions ?? null,
    attempts: source.attempts ?? null,
    environments: source.environments ?? null,
  };
}

function repositoryPattern(text: string): RepositoryPattern {
  const slash = text.indexOf('/');
  const owner = slash < 0 ? null : foldName(text.slice(0, slash));
  return { text, owner, name: valid(parseGlob(foldName(text.slice(slash + 1)))) };
}

/** Unwraps a parsed value. The schema has already refused values that do not parse, so a failure here is a bug. */
function valid<Value>(parsed: Parsed<Value>): Value {
  if ('problem' in parsed) throw new Error(`A value passed the schema but does not parse: ${parsed.problem.message}.`);
  return parsed.value;
}

/** Unwraps a value that the schema requires. */
function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('A rule passed the schema but lacks a required key.');
  return value;
}
