import { foldName } from '@dispatcher/contracts';
import type { z } from 'zod/mini';
import type { CompiledFile, Conditions, DispatchingFile, InboundRule, InboundTarget, OutboundRule } from './compiled-file.ts';
import { bareWorkflow, type RepositoryPattern } from '../values/names.ts';
import { type Parsed, parseGlob, parsePattern } from '../values/pattern.ts';
import { type FileError, type Problem, quote } from '../values/problem.ts';
import { locate, type PlacedProblem, readYaml, type ReadYaml } from '../yaml/read-yaml.ts';
import { type ConditionsText, FileSchema, type FileText, keysAt } from './schema.ts';
import { suggest } from '../values/suggest.ts';
import { parseTemplate } from '../values/template.ts';
import { maxFileBytes } from '../yaml/yaml-document.ts';

export const maxRules = 1000;

// More than anybody reads, and enough to bound what a hostile file makes us write.
const maxErrors = 100;

/**
 * Parses and compiles a dispatching.yml: the one function for enforcement, `validate` and the JSON Schema's tests.
 * All errors of the file come at once, in the order of the file, at most 100. Never throws, for any text.
 * A file without content is a file without rules.
 */
export function compileFile(text: string, at: { readonly path?: string } = {}): CompiledFile {
  const file = at.path ?? 'dispatching.yml';
  if (exceedsBytes(text, maxFileBytes)) {
    const message = `the file is larger than ${maxFileBytes / 1024} KB`;
    return {
      ok: false,
      errors: [{ file, line: 1, column: 1, text: '', message, fix: 'split the repository’s rules' }],
    };
  }
  const read = readYaml(text);
  const parsed = FileSchema.safeParse(read.value ?? {});
  const problems = [...read.problems];
  if (!parsed.success && read.isWellFormed) {
    // What is already refused as YAML would be refused a second time as of the wrong type.
    const places = new Set(problems.map(({ offset }) => offset));
    problems.push(...placeIssues(parsed.error.issues, read).filter(({ offset }) => !places.has(offset)));
  }
  if (problems.length === 0 && parsed.success) {
    const tooMany = problemOfCount(parsed.data, read);
    if (tooMany === null) return { ok: true, file: compiled(parsed.data) };
    problems.push(tooMany);
  }
  return { ok: false, errors: asFileErrors(problems, read, text, file) };
}

/** UTF-8 needs at most three bytes for each UTF-16 unit: only texts in between are encoded to know. */
function exceedsBytes(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  return text.length * 3 > limit && new TextEncoder().encode(text).length > limit;
}

function problemOfCount(data: FileText, read: ReadYaml): PlacedProblem | null {
  const rules = (data.outbound?.length ?? 0) + (data.inbound?.length ?? 0);
  if (rules <= maxRules) return null;
  const { offset, end } = locate(read.contents, [data.outbound ? 'outbound' : 'inbound'], 'key');
  return { offset, end, message: `the file has ${rules} rules`, fix: `at most ${maxRules} are read` };
}

function asFileErrors(problems: readonly PlacedProblem[], read: ReadYaml, text: string, file: string): FileError[] {
  return problems
    .slice(0, maxErrors)
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, end, message, fix }) => {
      const { line, col } = read.lines.linePos(offset);
      return { file, line, column: col, text: quote(text.slice(offset, Math.min(end, offset + 200))), message, fix };
    });
}

type Issue = z.core.$ZodIssue;

/** Finding a place is linear in the file: no more of them are looked for than are told. */
function placeIssues(issues: readonly Issue[], read: ReadYaml): PlacedProblem[] {
  const placed: PlacedProblem[] = [];
  for (const issue of issues) {
    const room = maxErrors - placed.length;
    if (room <= 0) break;
    if (issue.code === 'unrecognized_keys') {
      placed.push(...issue.keys.slice(0, room).map((key) => unknownKey(issue.path, key, read)));
    } else {
      placed.push(placeIssue(issue, read));
    }
  }
  return placed;
}

function unknownKey(path: readonly PropertyKey[], key: string, read: ReadYaml): PlacedProblem {
  const { offset, end } = locate(read.contents, [...path, key], 'key');
  const known = keysAt(path);
  const close = suggest(key, known);
  const fix = close ? `did you mean \`${close}\`?` : `keys here are ${known.map((name) => `\`${name}\``).join(', ')}`;
  return { offset, end, message: `unknown key \`${quote(key, 60)}\``, fix };
}

function placeIssue(issue: Issue, read: ReadYaml): PlacedProblem {
  const { offset, end, found } = locate(read.contents, issue.path, issue.code === 'invalid_key' ? 'key' : 'value');
  const own = ownProblem(issue.code === 'invalid_key' ? issue.issues[0] : issue);
  if (own) return { offset, end, ...own };
  if (!found) {
    const key = String(issue.path.at(-1));
    return { offset, end, message: `\`${key}\` is missing`, fix: `add \`${key}:\`` };
  }
  return { offset, end, ...typeProblem(issue, valueAt(read.value, issue.path)) };
}

/** The problem that one of our own checks in the schema found. */
function ownProblem(issue: Issue | undefined): Problem | undefined {
  return issue?.code === 'custom' ? (issue.params?.['problem'] as Problem | undefined) : undefined;
}

function typeProblem(issue: Issue, value: unknown): Problem {
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const words = issue.values.map(String);
    const close = suggest(value, words);
    const fix = close ? `did you mean \`${close}\`?` : `use one of ${words.join(', ')}`;
    return { message: `\`${quote(value, 60)}\` is not known here`, fix };
  }
  const expected = issue.code === 'invalid_type' ? issue.expected : 'string';
  return { message: `this is ${described(value)}`, fix: wanted(expected, value) };
}

function described(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return (
    { object: 'a map', string: 'text', number: 'a number', boolean: 'true or false' }[typeof value as string] ??
    'something else'
  );
}

function wanted(expected: string, value: unknown): string {
  if (expected === 'array') return 'write a list: `[…]`, or one line with `- ` for each entry';
  if (expected === 'boolean') return 'write `true` or `false`';
  if (expected === 'object' || expected === 'record') return 'write a map: `key: value` lines';
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? `put it into quotes to make it text: '${String(value)}'` : 'write text';
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<PropertyKey, unknown>)[part];
  }
  return current;
}

function compiled(data: FileText): DispatchingFile {
  return {
    outbound: (data.outbound ?? []).map((rule, index) => outboundRule(rule, `outbound[${index}]`)),
    inbound: (data.inbound ?? []).map((rule, index) => inboundRule(rule, `inbound[${index}]`)),
  };
}

function outboundRule(rule: NonNullable<FileText['outbound']>[number], label: string): OutboundRule {
  return {
    label,
    source: conditions(rule.source),
    targets: rule.targets.map((target, index) => ({
      label: `${label}.targets[${index}]`,
      repository: target.repository,
      workflow: bareWorkflow(target.workflow),
      id: target.id ?? null,
      ref: target.ref ?? null,
      inputs: Object.fromEntries(
        Object.entries(target.inputs ?? {}).map(([name, value]) => [name, valid(parseTemplate(value))]),
      ),
      enabled: target.enabled ?? true,
    })),
  };
}

type InboundText = NonNullable<FileText['inbound']>[number];

function inboundRule({ source, targets }: InboundText, label: string): InboundRule {
  return {
    source: inboundSource(source),
    targets: targets.map((target, index) => inboundTarget(target, `${label}.targets[${index}]`)),
  };
}

function inboundSource({ key, repository, workflow, ...rest }: InboundText['source']): InboundRule['source'] {
  return key === undefined
    ? { ...conditions({ ...rest, workflow: present(workflow) }), repository: repositoryPattern(present(repository)) }
    : { key };
}

function inboundTarget(target: InboundText['targets'][number], label: string): InboundTarget {
  const { workflow, 'event-type': eventType, refs = [], inputs = [] } = target;
  return eventType === undefined
    ? { label, workflow: bareWorkflow(present(workflow)), refs: refs.map((ref) => valid(parsePattern(ref))), inputs }
    : { label, eventType };
}

function conditions(source: ConditionsText): Conditions {
  return {
    workflow: bareWorkflow(source.workflow),
    branches: source.branches?.map((branch) => valid(parsePattern(branch))) ?? null,
    events: source.events ?? null,
    conclusions: source.conclusions ?? null,
  };
}

function repositoryPattern(text: string): RepositoryPattern {
  const slash = text.indexOf('/');
  const owner = slash < 0 ? null : foldName(text.slice(0, slash));
  return { text, owner, name: valid(parseGlob(foldName(text.slice(slash + 1)))) };
}

/** The schema has refused every value that does not parse: to find one here would be a mistake of ours. */
function valid<Value>(parsed: Parsed<Value>): Value {
  if ('problem' in parsed) throw new Error(`A value passed the schema and does not parse: ${parsed.problem.message}.`);
  return parsed.value;
}

/** As {@link valid}, of keys that the schema asks for. */
function present(value: string | undefined): string {
  if (value === undefined) throw new Error('A rule passed the schema and lacks a key.');
  return value;
}
