import { parse } from 'yaml';
import { invalid, invalidRequest } from './errors.ts';
import type { FileContent } from './git.ts';

interface InputDefinition {
  readonly required: boolean;
  readonly default: string | null;
  /** The values allowed; null where any string is. */
  readonly options: readonly string[] | null;
}

const MAX_INPUTS = 25;

/** What a run of this file is called: its `name`, else its path, as GitHub does. */
export function workflowName(path: string, content: FileContent | undefined): string {
  const name = asRecord(parsed(content))?.['name'];
  return typeof name === 'string' && name !== '' ? name : path;
}

/** Job id → what it is called, in the file's order: its `name`, else its id. None where the file has no jobs. */
export function jobsIn(content: FileContent | undefined): Map<string, string> {
  const jobs = Object.entries(asRecord(asRecord(parsed(content))?.['jobs']) ?? {});
  return new Map(jobs.map(([id, job]) => [id, scalarText(asRecord(job)?.['name']) ?? id]));
}

/** The inputs that the file declares for `workflow_dispatch`; null where it does not have that trigger. */
export function dispatchInputs(content: FileContent | undefined): Map<string, InputDefinition> | null {
  const file = asRecord(parsed(content));
  // The YAML 1.1 reading of the key `on` is the boolean true; this parser reads 1.2, where it stays a string.
  const on = file?.['on'];
  if (on === 'workflow_dispatch' || (Array.isArray(on) && on.includes('workflow_dispatch'))) {
    return new Map();
  }
  const triggers = asRecord(on);
  if (triggers === null || !('workflow_dispatch' in triggers)) {
    return null;
  }
  const inputs = asRecord(asRecord(triggers['workflow_dispatch'])?.['inputs']) ?? {};
  return new Map(Object.entries(inputs).map(([name, value]) => [name, definition(asRecord(value) ?? {})]));
}

/** Whether an event of that type starts the file: without `types` every one does. */
export function startsOnEvent(content: FileContent | undefined, eventType: string): boolean {
  const on = asRecord(parsed(content))?.['on'];
  if (on === 'repository_dispatch' || (Array.isArray(on) && on.includes('repository_dispatch'))) return true;
  const triggers = asRecord(on);
  if (triggers === null || !('repository_dispatch' in triggers)) return false;
  const types = asRecord(triggers['repository_dispatch'])?.['types'];
  return types === undefined || [types].flat().includes(eventType);
}

/**
 * Checks what a caller sent against what the file declares and fills in the defaults. Throws the 422 GitHub answers.
 * The texts for a wrong type and for too many inputs follow the form of GitHub's schema errors.
 */
export function checkedInputs(
  declared: ReadonlyMap<string, InputDefinition>,
  sent: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const given = Object.entries(sent);
  if (given.length > MAX_INPUTS) {
    throw invalidRequest(`No more than ${MAX_INPUTS} properties are allowed; ${given.length} were supplied.`);
  }
  const notText = given.find(([, value]) => typeof value !== 'string');
  if (notText !== undefined) {
    throw invalidRequest(`For 'properties/${notText[0]}', ${JSON.stringify(notText[1])} is not a string.`);
  }
  const unexpected = given.map(([name]) => name).filter((name) => !declared.has(name));
  if (unexpected.length > 0) {
    throw invalid(`Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  }
  const values: Record<string, string> = {};
  for (const [name, input] of declared) {
    const value = checkedValue(name, input, sent[name]);
    if (value !== null) {
      values[name] = value;
    }
  }
  return values;
}

function checkedValue(name: string, input: InputDefinition, sent: unknown): string | null {
  const value = typeof sent === 'string' ? sent : input.default;
  if (input.required && (value === null || value === '')) {
    throw invalid(`Required input '${name}' not provided`);
  }
  if (value !== null && value !== '' && input.options !== null && !input.options.includes(value)) {
    throw invalid(`Provided value '${value}' for input '${name}' not in the list of allowed values`);
  }
  return value;
}

function definition(input: Readonly<Record<string, unknown>>): InputDefinition {
  const { type, options } = input;
  return {
    required: input['required'] === true,
    default: scalarText(input['default']),
    options:
      type === 'boolean' ? ['true', 'false'] : type === 'choice' && Array.isArray(options) ? options.map(String) : null,
  };
}

function scalarText(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** A file that is no YAML declares nothing: GitHub lists such a workflow but finds no trigger in it. */
function parsed(content: FileContent | undefined): unknown {
  if (typeof content !== 'string') {
    return null;
  }
  try {
    return parse(content);
  } catch {
    return null;
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}
