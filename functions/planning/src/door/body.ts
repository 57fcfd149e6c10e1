import {
  type RequestedDispatch,
  maxInputs,
  maxPayloadBytes,
  maxPayloadProperties,
  SendEventBody,
  StartWorkflowBody,
} from '@dispatcher/contracts';
import {
  bareWorkflow,
  type Problem,
  problemOfEventType,
  problemOfInputName,
  problemOfRef,
  problemOfRepository,
  problemOfValue,
  problemOfWorkflow,
} from '@dispatcher/rules';
import type * as z from 'zod/mini';

/** The one thing that is wrong with a body, and where: `inputs.sha`; `body` for the whole of it. */
export interface Refused {
  readonly field: string;
  readonly detail: string;
}

/** A payload of 64 KB, with room for its spaces and all else. */
const maxBodyBytes = 256 * 1024;
/** Far more than anybody writes, and far less than a stack holds. */
const maxDepth = 100;

/** What a body asks for, or the first thing that is wrong with it. Never throws, for any text. */
export function readBody(text: string): RequestedDispatch | Refused {
  if (Buffer.byteLength(text) > maxBodyBytes) {
    return { field: 'body', detail: `The body is larger than ${maxBodyBytes / 1024} KB.` };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { field: 'body', detail: 'The body is no JSON.' };
  }
  if (!isObject(value)) return { field: 'body', detail: 'The body is no JSON object.' };
  return 'event_type' in value || 'client_payload' in value ? readEvent(value) : readWorkflow(value);
}

function readWorkflow(value: Record<string, unknown>): RequestedDispatch | Refused {
  const parsed = StartWorkflowBody.safeParse(value);
  if (!parsed.success) return refusedBy(parsed.error, value);
  const { repository, workflow, ref, inputs = {} } = parsed.data;
  const refused =
    ofRepository(repository) ??
    ofField('workflow', problemOfWorkflow(workflow)) ??
    (ref === undefined ? null : ofField('ref', problemOfRef(ref))) ??
    ofInputs(value['inputs']);
  return refused ?? { kind: 'workflow', repository, workflow: bareWorkflow(workflow), ref: ref ?? null, inputs };
}

function readEvent(value: Record<string, unknown>): RequestedDispatch | Refused {
  const parsed = SendEventBody.safeParse(value);
  if (!parsed.success) return refusedBy(parsed.error, value);
  const { repository, event_type: eventType } = parsed.data;
  const payload = value['client_payload'];
  const refused =
    ofRepository(repository) ?? ofField('event_type', problemOfEventType(eventType)) ?? ofPayload(payload);
  return (
    refused ?? {
      kind: 'event',
      repository,
      eventType,
      clientPayload: payload === undefined ? null : JSON.stringify(payload),
    }
  );
}

function refusedBy({ issues: [issue] }: z.core.$ZodError, value: Record<string, unknown>): Refused {
  if (issue?.code === 'unrecognized_keys' && issue.path.length === 0) {
    const [field = 'body'] = issue.keys;
    const mixed = ['workflow', 'ref', 'inputs'].includes(field);
    const detail = mixed
      ? `\`${field}\` starts a workflow and does not go with \`event_type\` or \`client_payload\`.`
      : `\`${field}\` is not known here.`;
    return { field, detail };
  }
  const field = issue?.path.map(String).join('.') || 'body';
  const isMissing = issue?.path.length === 1 && !(field in value);
  if (isMissing) return { field, detail: `\`${field}\` is missing.` };
  const expected = issue?.code === 'invalid_type' ? issue.expected : 'string';
  return {
    field,
    detail: `\`${field}\` has the wrong type: it takes ${expected === 'record' ? 'an object' : `a ${expected}`}.`,
  };
}

function ofField(field: string, problem: Problem | null): Refused | null {
  return problem === null ? null : { field, detail: `\`${field}\`: ${problem.message}; ${problem.fix}.` };
}

function ofRepository(repository: string): Refused | null {
  // A key stands in no repository, so that a bare name would have no owner.
  const problem = repository.includes('/')
    ? problemOfRepository(repository)
    : { message: 'the owner is missing', fix: 'write `owner/name`' };
  return ofField('repository', problem);
}

// What was sent, not what was parsed: a record leaves `__proto__` out without a word.
function ofInputs(inputs: unknown): Refused | null {
  const entries = Object.entries(isObject(inputs) ? inputs : {});
  if (entries.length > maxInputs) return { field: 'inputs', detail: `\`inputs\` has more than ${maxInputs} inputs.` };
  for (const [name, value] of entries) {
    const named =
      name === '__proto__' ? { message: 'this is no input’s name', fix: 'choose another' } : problemOfInputName(name);
    const refused = ofField(`inputs.${name.slice(0, 100)}`, named ?? problemOfValue(String(value)));
    if (refused !== null) return refused;
  }
  return null;
}

function ofPayload(payload: unknown): Refused | null {
  const field = 'client_payload';
  if (payload === undefined) return null;
  const wrong = (detail: string): Refused => ({ field, detail: `\`${field}\` ${detail}.` });
  if (Object.keys(payload as object).length > maxPayloadProperties) {
    return wrong(`has more than ${maxPayloadProperties} properties`);
  }
  if (!isShallow(payload)) return wrong(`is nested deeper than ${maxDepth} levels`);
  if (!hasExactNumbers(payload)) return wrong('has a number that would not arrive as it was sent: send it as text');
  return Buffer.byteLength(JSON.stringify(payload)) < maxPayloadBytes
    ? null
    : wrong(`is not smaller than ${maxPayloadBytes / 1024} KB`);
}

/** Without recursion: the body decides how deep it is. */
function isShallow(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth <= maxDepth; depth += 1) {
    if (level.length === 0) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return false;
}

/** A number beyond 2^53 was rounded when the body was read. */
function hasExactNumbers(value: unknown): boolean {
  if (typeof value === 'number')
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return typeof value !== 'object' || value === null || Object.values(value).every(hasExactNumbers);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
