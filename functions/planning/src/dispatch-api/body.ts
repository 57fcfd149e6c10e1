import {
  type JobRequested,
  RequestAsJobBody,
  type RequestedDispatch,
  maxInputs,
  maxPayloadBytes,
  maxPayloadProperties,
  SendEventBody,
  StartWorkflowBody,
} from '@dispatcher/contracts';
import {
  workflowFileName,
  type Problem,
  problemOfEventType,
  problemOfInputName,
  problemOfLength,
  problemOfRef,
  problemOfRepository,
  problemOfValue,
  problemOfWorkflow,
} from '@dispatcher/rules';
import type * as z from 'zod/mini';

/** The first problem of a request body. `field` is a path such as `inputs.sha`, or `body` for the whole body. */
export interface InvalidField {
  readonly field: string;
  readonly detail: string;
}

/** Room for a payload of 64 KB, its white space and the other fields. */
const maxBodyBytes = 256 * 1024;
/** More than any real payload, and far below what overflows the stack. */
const maxDepth = 100;

type ParsedObject = { readonly object: Record<string, unknown> } | { readonly invalid: InvalidField };

function parseObject(text: string): ParsedObject {
  if (Buffer.byteLength(text) > maxBodyBytes) {
    return invalidBody(`The request body is larger than ${maxBodyBytes / 1024} KB.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return invalidBody('The request body is not valid JSON.');
  }
  return isObject(value) ? { object: value } : invalidBody('The request body is not a JSON object.');
}

function invalidBody(detail: string): ParsedObject {
  return { invalid: { field: 'body', detail } };
}

/** Parses a request body. Returns the first problem if it is invalid; never throws. */
export function parseBody(text: string): RequestedDispatch | InvalidField {
  const parsed = parseObject(text);
  if ('invalid' in parsed) return parsed.invalid;
  const { object: value } = parsed;
  return 'event_type' in value || 'client_payload' in value ? parseEventBody(value, text) : parseWorkflowBody(value);
}

/** Parses the body of a job's request, which names one target of an outbound rule. Never throws. */
export function parseJobBody(text: string): JobRequested['request'] | InvalidField {
  const value = parseObject(text);
  if ('invalid' in value) return value.invalid;
  const parsed = RequestAsJobBody.safeParse(value.object);
  if (!parsed.success) {
    const { field, detail } = toInvalidField(parsed.error, value.object);
    return field === 'ref'
      ? { field, detail: 'The outbound rule sets the `ref`: remove it from the request.' }
      : { field, detail };
  }
  const { repository, workflow, id = null, inputs = {} } = parsed.data;
  const invalid =
    checkRepository(repository) ??
    checkField('workflow', problemOfWorkflow(workflow)) ??
    checkJobInputs(value.object['inputs']);
  return invalid ?? { repository, workflow: workflowFileName(workflow), id, inputs };
}

function parseWorkflowBody(value: Record<string, unknown>): RequestedDispatch | InvalidField {
  const parsed = StartWorkflowBody.safeParse(value);
  if (!parsed.success) return toInvalidField(parsed.error, value);
  const { repository, workflow, ref, inputs = {} } = parsed.data;
  const invalid =
    checkRepository(repository) ??
    checkField('workflow', problemOfWorkflow(workflow)) ??
    (ref === undefined ? null : checkField('ref', problemOfRef(ref))) ??
    checkInputs(value['inputs']);
  return invalid ?? { kind: 'workflow', repository, workflow: workflowFileName(workflow), ref: ref ?? null, inputs };
}

function parseEventBody(value: Record<string, unknown>, text: string): RequestedDispatch | InvalidField {
  const parsed = SendEventBody.safeParse(value);
  if (!parsed.success) return toInvalidField(parsed.error, value);
  const { repository, event_type: eventType } = parsed.data;
  const payload = value['client_payload'];
  const invalid =
    checkRepository(repository) ??
    checkField('event_type', problemOfEventType(eventType)) ??
    checkPayload(payload, text);
  return (
    invalid ?? {
      kind: 'event',
      repository,
      eventType,
      clientPayload: payload === undefined ? null : JSON.stringify(payload),
    }
  );
}

function toInvalidField({ issues: [issue] }: z.core.$ZodError, value: Record<string, unknown>): InvalidField {
  if (issue?.code === 'unrecognized_keys' && issue.path.length === 0) {
    const [field = 'body'] = issue.keys;
    const isOfWorkflow = ['workflow', 'ref', 'inputs'].includes(field);
    const detail = isOfWorkflow
      ? `\`${field}\` cannot be combined with \`event_type\` or \`client_payload\`.`
      : `\`${field}\` is not a known field.`;
    return { field, detail };
  }
  const field = issue?.path.map(String).join('.') || 'body';
  const isMissing = issue?.path.length === 1 && !(field in value);
  if (isMissing) return { field, detail: `\`${field}\` is missing.` };
  const expected = issue?.code === 'invalid_type' ? issue.expected : 'string';
  return {
    field,
    detail: `\`${field}\` has the wrong type: expected ${expected === 'record' ? 'an object' : `a ${expected}`}.`,
  };
}

function checkField(field: string, problem: Problem | null): InvalidField | null {
  return problem === null ? null : { field, detail: `\`${field}\`: ${problem.message}; ${problem.fix}.` };
}

function checkRepository(repository: string): InvalidField | null {
  // An API key belongs to no repository, so a name without an owner cannot be resolved.
  const problem = repository.includes('/')
    ? problemOfRepository(repository)
    : { message: 'the owner is missing', fix: 'write `owner/name`' };
  return checkField('repository', problem);
}

// Checks what was sent, not what was parsed: the parsed record silently drops `__proto__`.
function checkInputs(inputs: unknown): InvalidField | null {
  return checkInputNames(inputs, (value) => problemOfValue(value));
}

/** A job may send what GitHub accepts. The decision checks the values that the outbound rule makes of these. */
function checkJobInputs(inputs: unknown): InvalidField | null {
  const problem = isObject(inputs) ? problemOfLength(inputs as Record<string, string>) : null;
  return problem === null
    ? checkInputNames(inputs, () => null)
    : { field: 'inputs', detail: `\`inputs\`: ${problem}.` };
}

function checkInputNames(inputs: unknown, problemOf: (value: string) => Problem | null): InvalidField | null {
  const entries = Object.entries(isObject(inputs) ? inputs : {});
  if (entries.length > maxInputs) return { field: 'inputs', detail: `\`inputs\` has more than ${maxInputs} inputs.` };
  for (const [name, value] of entries) {
    const nameProblem =
      name === '__proto__'
        ? { message: 'this is not a valid input name', fix: 'choose another' }
        : problemOfInputName(name);
    const invalid = checkField(`inputs.${name.slice(0, 100)}`, nameProblem ?? problemOf(String(value)));
    if (invalid !== null) return invalid;
  }
  return null;
}

/** @param text the whole body: what is left of a number after parsing no longer says whether it was exact */
function checkPayload(payload: unknown, text: string): InvalidField | null {
  const field = 'client_payload';
  if (payload === undefined) return null;
  const invalid = (detail: string): InvalidField => ({ field, detail: `\`${field}\` ${detail}.` });
  if (Object.keys(payload as object).length > maxPayloadProperties) {
    return invalid(`has more than ${maxPayloadProperties} properties`);
  }
  if (!isShallow(payload)) return invalid(`is nested deeper than ${maxDepth} levels`);
  if (!hasExactNumbers(text))
    return invalid('contains a number that JSON cannot represent exactly: send it as a string');
  return Buffer.byteLength(JSON.stringify(payload)) < maxPayloadBytes
    ? null
    : invalid(`is not smaller than ${maxPayloadBytes / 1024} KB`);
}

/** Iterative, because the caller controls the depth. */
function isShallow(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth <= maxDepth; depth += 1) {
    if (level.length === 0) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return false;
}

/**
 * Whether parsing keeps every number of a valid JSON text. It rounds integers beyond 2^53 and decimals with more than 17
 * significant digits, sometimes fewer: such a number would arrive changed.
 */
function hasExactNumbers(json: string): boolean {
  // Strings are matched as well, so that the digits in them are skipped.
  return (json.match(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g) ?? []).every(
    (token) => token.startsWith('"') || isExact(token),
  );
}

function isExact(written: string): boolean {
  const value = Number(written);
  // The longest exact number has about 330 characters; much longer ones would only take time.
  if (!Number.isFinite(value) || written.length > 400) return false;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return false;
  return normalized(written) === normalized(String(value));
}

/** Returns the significant digits and the exponent: `15e-1` for `1.50`. Without the sign. */
function normalized(written: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(written) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
