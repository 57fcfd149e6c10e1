import { randomUUID } from 'node:crypto';
import { asciiJson } from '@dispatcher/lambda';
import type { EventRule } from '@dispatcher/topology';
import { AwsError } from './aws-error.ts';
import type { Input } from './dynalite.ts';
import { matchesPattern } from './event-pattern.ts';

interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
  readonly Time?: number;
  readonly Resources?: readonly string[];
}

type EntryResult = { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string };

/**
 * Sends a message to the queue of this name.
 * @throws AwsError if SQS rejects it; any other error is a failure of SQS itself
 */
type Send = (queue: string, body: string, attributes?: Readonly<Record<string, string>>) => Promise<void>;

const maxEntries = 10;
const maxBytes = 1_000_000;

/**
 * Creates PutEvents with rules whose targets are SQS queues. An entry succeeds once the queue of every matching rule has it,
 * unlike on AWS, which accepts the event and delivers it later. If a queue rejects an event permanently, it goes to the queue `undelivered`
 * at once, as on AWS. Where AWS would retry for a day, the entry fails, and the sender retries.
 */
export function createEventBridge(options: {
  readonly rules: readonly EventRule[];
  readonly send: Send;
  readonly undelivered?: string;
  readonly now: () => number;
}): (input: Input) => Promise<object> {
  const buses = new Set(['default', ...options.rules.map(({ bus }) => bus)]);

  async function deliver(entry: Entry): Promise<EntryResult> {
    const invalid = validateEntry(entry, buses);
    if (invalid !== undefined) return invalid;
    const event = envelope(entry, options.now());
    const bus = entry.EventBusName ?? 'default';
    try {
      for (const rule of options.rules) {
        if (rule.bus !== bus || !matchesPattern(rule.pattern, event)) continue;
        await deliverToTarget(options, rule, event);
      }
    } catch (error) {
      return { ErrorCode: 'InternalFailure', ErrorMessage: error instanceof Error ? error.message : String(error) };
    }
    return { EventId: event.id };
  }

  return async (input) => {
    const entries = validateEntries(input['Entries']);
    const results: EntryResult[] = [];
    for (const entry of entries) results.push(await deliver(entry));
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  };
}

// The JSON is escaped, because fauxqs rejects characters outside the Basic Multilingual Plane, which SQS accepts.
async function deliverToTarget(
  { send, undelivered }: { readonly send: Send; readonly undelivered?: string },
  rule: EventRule,
  event: ReturnType<typeof envelope>,
): Promise<void> {
  try {
    await send(rule.queue, asciiJson(rule.inputPath === '$.detail' ? event.detail : event));
  } catch (error) {
    if (undelivered === undefined || !(error instanceof AwsError)) throw error;
    await send(undelivered, asciiJson(event), deadLetterAttributes(rule, event, error));
  }
}

/** Returns the message attributes of EventBridge's dead letters. Source: EventBridge User Guide, "Using dead-letter queues". */
function deadLetterAttributes(
  { name, bus, queue }: EventRule,
  { account, region }: ReturnType<typeof envelope>,
  { type, message }: AwsError,
): Record<string, string> {
  return {
    RULE_ARN: `arn:aws:events:${region}:${account}:rule/${bus === 'default' ? '' : `${bus}/`}${name}`,
    TARGET_ARN: `arn:aws:sqs:${region}:${account}:${queue}`,
    ERROR_CODE: type === 'QueueDoesNotExist' ? 'NO_RESOURCE' : 'SDK_CLIENT_ERROR',
    ERROR_MESSAGE: message,
    RETRY_ATTEMPTS: '0',
  };
}

function validateEntries(entries: unknown): readonly Entry[] {
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > maxEntries) {
    throw new AwsError('ValidationException', `Entries must have 1 to ${maxEntries} members.`);
  }
  if (Buffer.byteLength(JSON.stringify(entries)) > maxBytes) {
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  return entries as readonly Entry[];
}

function validateEntry(entry: Entry, buses: ReadonlySet<string>): EntryResult | undefined {
  for (const field of ['Source', 'DetailType', 'Detail'] as const) {
    if (!entry[field]) return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${field} is required.` };
  }
  if (!isJsonObject(entry.Detail ?? '')) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const bus = entry.EventBusName ?? 'default';
  if (buses.has(bus)) return undefined;
  // Otherwise a wrong bus name would look like an event without a matching rule.
  return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${bus} does not exist.` };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function envelope(entry: Entry, now: number) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.DetailType,
    source: entry.Source,
    account: '000000000000',
    // The JSON protocol carries times as seconds.
    time: new Date(entry.Time === undefined ? now : entry.Time * 1000).toISOString(),
    region: 'us-east-1',
    resources: entry.Resources ?? [],
    detail: JSON.parse(entry.Detail ?? '{}') as unknown,
  };
}
