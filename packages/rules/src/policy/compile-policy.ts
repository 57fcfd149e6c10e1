import { foldName, type PolicySnapshot, policyPath } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { asFileErrors, exceedsBytes, type KnownKeys, placeIssues } from '../compile/compile-file.ts';
import { type Glob, matchesGlob, parseGlob } from '../values/pattern.ts';
import type { FileError, Problem } from '../values/problem.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { type Enforcement, policyKeys, PolicySchema, type PolicyText } from './policy-schema.ts';

/** A compiled dispatching-policy.yml. Null restricts nothing. */
export interface Policy {
  readonly enforcement: Enforcement;
  readonly sources: NamePatterns | null;
  readonly targets: NamePatterns | null;
  readonly allowsOtherOwners: boolean;
  readonly maxTargets: number | null;
  readonly conclusions: readonly string[] | null;
  readonly events: readonly string[] | null;
}

/** Patterns of repository names without their owner. */
export interface NamePatterns {
  /** As written, for messages. */
  readonly text: string;
  accepts(name: string): boolean;
}

export type CompiledPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly errors: readonly FileError[] };

/** 16 KB: the maximum size of a dispatching-policy.yml. A run can have as many policies as it has target owners. */
export const maxPolicyBytes = 16 * 1024;

const tooLarge: Problem = {
  message: `the file is larger than ${maxPolicyBytes / 1024} KB`,
  fix: 'use patterns instead of long lists',
};

const keys: KnownKeys = { keysAt: (path) => (path.length === 0 ? policyKeys : []), replacementOf: () => null };

/**
 * Parses and compiles a dispatching-policy.yml. Returns all errors of the file at once. Never throws, for any text. An
 * empty file restricts nothing.
 */
export function compilePolicy(text: string, { path = policyPath }: { readonly path?: string } = {}): CompiledPolicy {
  if (exceedsBytes(text, maxPolicyBytes)) return invalid(path, tooLarge);
  const read = readYaml(text);
  const parsed = PolicySchema.safeParse(read.value ?? {});
  const problems = [...read.problems];
  if (!parsed.success && read.isWellFormed) {
    // A value that is refused as YAML would be reported a second time as having the wrong type.
    const places = new Set(problems.map(({ offset }) => offset));
    problems.push(...placeIssues(parsed.error.issues, read, keys).filter(({ offset }) => !places.has(offset)));
  }
  if (problems.length === 0 && parsed.success) return { ok: true, policy: policyOf(parsed.data) };
  return { ok: false, errors: asFileErrors(problems, read, text, path) };
}

function invalid(file: string, problem: Problem): CompiledPolicy {
  return { ok: false, errors: [{ file, line: 1, column: 1, text: '', ...problem }] };
}

type ReadPolicy = Extract<PolicySnapshot, { state: 'read' }>;

/** What was compiled of each snapshot: the runs of a batch share the snapshot of an owner. */
const compiled = new WeakMap<ReadPolicy, CompiledPolicy>();

/** Compiles the policy of a snapshot. */
export function compilePolicySnapshot(snapshot: ReadPolicy): CompiledPolicy {
  const known = compiled.get(snapshot);
  if (known !== undefined) return known;
  const result = compileOne(snapshot);
  compiled.set(snapshot, result);
  return result;
}

function compileOne({ file }: ReadPolicy): CompiledPolicy {
  if (file.state === 'not-a-file') {
    return invalid(policyPath, {
      message: `the path is ${file.kind}, not a regular file`,
      fix: 'replace it with a regular file',
    });
  }
  if (file.isBinary || file.text === null) {
    return invalid(policyPath, { message: 'the file is binary or not UTF-8', fix: 'save it as UTF-8 text' });
  }
  return file.isTruncated || file.byteSize > maxPolicyBytes ? invalid(policyPath, tooLarge) : compilePolicy(file.text);
}

function policyOf(text: PolicyText): Policy {
  return {
    enforcement: text.enforcement ?? 'active',
    sources: text.sources === undefined ? null : namePatterns(text.sources),
    targets: text.targets === undefined ? null : namePatterns(text.targets),
    allowsOtherOwners: text['cross-owner'] !== 'deny',
    maxTargets: text['max-targets'] ?? null,
    conclusions: text.conclusions ?? null,
    events: text.events ?? null,
  };
}

function namePatterns(texts: readonly string[]): NamePatterns {
  const patterns = texts.map((text) => ({ isNegated: text.startsWith('!'), glob: globOf(text.replace(/^!/, '')) }));
  return {
    text: texts.length === 0 ? 'no repository' : texts.join(', '),
    accepts: (name) => patterns.findLast(({ glob }) => matchesGlob(glob, foldName(name)))?.isNegated === false,
  };
}

/** The schema has already refused patterns that do not parse. */
function globOf(text: string): Glob {
  const parsed = parseGlob(foldName(text));
  if ('problem' in parsed)
    throw new Error(`A pattern passed the schema but does not parse: ${parsed.problem.message}.`);
  return parsed.value;
}

/** Returns the JSON Schema of a dispatching-policy.yml, for editors. The compiler also checks what it cannot express. */
export function policyJsonSchema(): object {
  return z.toJSONSchema(PolicySchema, { io: 'input' });
}
