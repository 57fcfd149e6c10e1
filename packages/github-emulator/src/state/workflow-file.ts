import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';
import { invalid, invalidRequest } from '../common/api-error.ts';
import type { Run } from './entities.ts';
import type { FileContent } from './git-objects.ts';

interface InputDefinition {
  readonly required: boolean;
  readonly default: string | null;
  /** The allowed values; null when any string is allowed. */
  readonly options: readonly string[] | null;
}

const MAX_INPUTS = 25;

/** Returns the name of the workflow: `name`, else the path. */
export function workflowName(path: string, content: FileContent | undefined): string {
  const name = asRecord(parseYaml(content))?.['name'];
  return typeof name === 'string' && name !== '' ? name : path;
}

/** Returns the name of each job by its id, in the order of the file: its `name`, else its id. */
export function jobNamesOf(content: FileContent | undefined): Map<string, string> {
  const jobs = Object.entries(asRecord(asRecord(parseYaml(content))?.['jobs']) ?? {});
  return new Map(jobs.map(([id, job]) => [id, scalarToString(asRecord(job)?.['name']) ?? id]));
}

export interface JobDefinition {
  readonly id: string;
  /** The name of its environment; null if it has none. */
  readonly environment: string | null;
  /** Whether its `permissions`, or else those of the workflow, contain `id-token: write`. */
  readonly mayRequestToken: boolean;
}

/** Returns the jobs of a workflow file, in the order of the file. */
export function jobsOf(content: FileContent | undefined): readonly JobDefinition[] {
  const file = asRecord(parseYaml(content));
  return Object.entries(asRecord(file?.['jobs']) ?? {}).map(([id, value]) => {
    const job = asRecord(value) ?? {};
    const { environment } = job;
    return {
      id,
      environment: scalarToString(asRecord(environment)?.['name'] ?? environment),
      // The permissions of a job replace those of its workflow.
      mayRequestToken: grantsTokens(job['permissions'] ?? file?.['permissions']),
    };
  });
}

/** Returns the id of a job, and of its check run. It differs between the attempts of the run. */
export function jobId({ id, attempt }: Pick<Run, 'id' | 'attempt'>, index: number): number {
  return (id * 100 + attempt) * 1000 + index;
}

function grantsTokens(permissions: unknown): boolean {
  return permissions === 'write-all' || asRecord(permissions)?.['id-token'] === 'write';
}

/** Returns the inputs that the file declares for `workflow_dispatch`; null when it does not have this trigger. */
export function declaredInputs(content: FileContent | undefined): Map<string, InputDefinition> | null {
  const file = asRecord(parseYaml(content));
  const on = file?.['on'];
  if (on === 'workflow_dispatch' || (Array.isArray(on) && on.includes('workflow_dispatch'))) {
    return new Map();
  }
  const triggers = asRecord(on);
  if (triggers === null || !('workflow_dispatch' in triggers)) {
    return null;
  }
  const inputs = asRecord(asRecord(triggers['workflow_dispatch'])?.['inputs']) ?? {};
  return new Map(Object.entries(inputs).map(([name, value]) => [name, inputDefinition(asRecord(value) ?? {})]));
}

/** Returns whether a `repository_dispatch` of this type starts the workflow. Without `types` every type does. */
export function isTriggeredByEvent(content: FileContent | undefined, eventType: string): boolean {
  const on = asRecord(parseYaml(content))?.['on'];
  if (on === 'repository_dispatch' || (Array.isArray(on) && on.includes('repository_dispatch'))) return true;
  const triggers = asRecord(on);
  if (triggers === null || !('repository_dispatch' in triggers)) return false;
  const types = asRecord(triggers['repository_dispatch'])?.['types'];
  return types === undefined || [types].flat().includes(eventType);
}

/**
 * Validates the sent inputs against the declared ones and fills in the defaults. Throws GitHub's 422. The messages for
 * a wrong type and for too many inputs follow the form of GitHub's schema errors.
 */
export function resolveInputs(
  declared: ReadonlyMap<string, InputDefinition>,
  sent: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const entries = Object.entries(sent);
  if (entries.length > MAX_INPUTS) {
    throw invalidRequest(`No more than ${MAX_INPUTS} properties are allowed; ${entries.length} were supplied.`);
  }
  const notString = entries.find(([, value]) => typeof value !== 'string');
  if (notString !== undefined) {
    throw invalidRequest(`For 'properties/${notString[0]}', ${JSON.stringify(notString[1])} is not a string.`);
  }
  const unexpected = entries.map(([name]) => name).filter((name) => !declared.has(name));
  if (unexpected.length > 0) {
    throw invalid(`Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  }
  const values: Record<string, string> = {};
  for (const [name, input] of declared) {
    const value = resolveInput(name, input, sent[name]);
    if (value !== null) {
      values[name] = value;
    }
  }
  return values;
}

function resolveInput(name: string, input: InputDefinition, sent: unknown): string | null {
  const value = typeof sent === 'string' ? sent : input.default;
  if (input.required && (value === null || value === '')) {
    throw invalid(`Required input '${name}' not provided`);
  }
  if (value !== null && value !== '' && input.options !== null && !input.options.includes(value)) {
    throw invalid(`Provided value '${value}' for input '${name}' not in the list of allowed values`);
  }
  return value;
}

function inputDefinition(input: Readonly<Record<string, unknown>>): InputDefinition {
  const { type, options } = input;
  return {
    required: input['required'] === true,
    default: scalarToString(input['default']),
    options:
      type === 'boolean' ? ['true', 'false'] : type === 'choice' && Array.isArray(options) ? options.map(String) : null,
  };
}

function scalarToString(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/**
 * Returns GitHub's refusal of a file that is not valid YAML; null for a valid one. GitHub's reader descends from libyaml, and
 * so does `js-yaml`: both accept a comment directly after a `]`, a quoted text or a flow map that continues in any column,
 * and a `%YAML` directive. A duplicate key is not a syntax error, see {@link hasDuplicateKey}.
 */
export function syntaxErrorOf(content: FileContent | undefined): string | null {
  if (typeof content !== 'string') return null;
  try {
    loadYaml(content);
    return null;
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // Despite its type, an error about the whole file has no mark.
    const { line = 0, column = 0 } = (error.mark ?? {}) as Partial<YAMLException['mark']>;
    return `(Line: ${line + 1}, Col: ${column + 1}): ${error.reason}`;
  }
}

/** Tells whether a map has a key twice. GitHub accepts the dispatch of such a workflow, and its run fails at start-up. */
export function hasDuplicateKey(content: FileContent | undefined): boolean {
  if (typeof content !== 'string' || syntaxErrorOf(content) !== null) return false;
  try {
    load(content, { schema: CORE_SCHEMA });
    return false;
  } catch {
    return true;
  }
}

/** Reads YAML 1.2's core types, as GitHub does, so the key `on` is text. Of a duplicate key the last value counts. */
function loadYaml(content: string): unknown {
  return load(content, { schema: CORE_SCHEMA, json: true });
}

/** Returns null for invalid YAML: GitHub lists such a workflow but finds no trigger in it. */
function parseYaml(content: FileContent | undefined): unknown {
  return typeof content === 'string' && syntaxErrorOf(content) === null ? loadYaml(content) : null;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}
