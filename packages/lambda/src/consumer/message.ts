import { type DeadLetterReason, runKey, runKeyPattern } from '@dispatcher/contracts';

/** Parses a message; any Zod schema is one. */
export interface MessageSchema<M> {
  safeParse(value: unknown): { success: true; data: M } | { success: false; error: { message: string } };
}

/** What identifies a message in log lines and facts, as far as the message could be read. */
export interface MessageFields {
  readonly correlationId?: string | undefined;
  readonly runKey?: string | undefined;
}

export type ReadMessage<M> =
  | { readonly state: 'read'; readonly message: M; readonly fields: MessageFields }
  | {
      readonly state: 'unreadable';
      readonly reason: DeadLetterReason;
      readonly detail: string;
      readonly fields: MessageFields;
    };

/** Parses a queue message. Does not throw for an invalid message or one of a newer release. */
export function readMessage<M>(
  options: { readonly schema: MessageSchema<M>; readonly version: number },
  body: string,
): ReadMessage<M> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { state: 'unreadable', reason: 'message-invalid', detail: 'The message is not JSON.', fields: {} };
  }
  const fields = fieldsOf(value);
  const version = property(value, 'version');
  if (typeof version === 'number' && version > options.version) {
    const detail = `The message has version ${version}; this release reads up to ${options.version}. Deploy the newer release, then redrive.`;
    return { state: 'unreadable', reason: 'message-version-unknown', detail, fields };
  }
  const parsed = options.schema.safeParse(value);
  return parsed.success
    ? { state: 'read', message: parsed.data, fields }
    : { state: 'unreadable', reason: 'message-invalid', detail: parsed.error.message.slice(0, 2_000), fields };
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}

/** Reads the correlation id and the run key of a parsed message of any form. A trigger has no key yet: its parts make it. */
export function fieldsOf(value: unknown): MessageFields {
  return {
    correlationId: text(value, 'correlationId') ?? text(value, 'deliveryId'),
    runKey: text(value, 'runKey') ?? runKeyOfTrigger(value),
  };
}

function text(value: unknown, name: string): string | undefined {
  const member = property(value, name);
  return typeof member === 'string' ? member : undefined;
}

function runKeyOfTrigger(value: unknown): string | undefined {
  const requestId = text(value, 'requestId');
  if (requestId !== undefined) return validRunKey(runKey({ type: 'dispatch.requested', requestId }));
  const repositoryId = property(property(value, 'repository'), 'id');
  const run = property(value, 'run');
  const [id, attempt] = [property(run, 'id'), property(run, 'attempt')];
  if (typeof repositoryId !== 'number' || typeof id !== 'number' || typeof attempt !== 'number') return undefined;
  return validRunKey(runKey({ type: 'run.completed', repository: { id: repositoryId }, run: { id, attempt } }));
}

const validRunKey = (key: string): string | undefined => (runKeyPattern.test(key) ? key : undefined);
