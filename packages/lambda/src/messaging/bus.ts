import type { Fact } from '@dispatcher/contracts';
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { eventSource } from '@dispatcher/topology';
import type { CallOptions } from '../call-options.ts';
import { asciiJson } from './ascii-json.ts';

/** The event bus of the facts. */
export interface Bus {
  /**
   * Publishes facts. Publishing a fact again is harmless, because its id derives from its content.
   * @throws Error unless every fact was accepted; then some of them may have been published
   */
  publish(facts: readonly Fact[], options?: CallOptions): Promise<void>;
}

// PutEvents accepts at most 10 entries and 1 MB per call.
const entriesPerCall = 10;
const bytesPerCall = 900_000;

function entryOf(fact: Fact, busName: string): PutEventsRequestEntry {
  return {
    EventBusName: busName,
    Source: eventSource,
    DetailType: fact.type,
    Detail: asciiJson(fact),
    Time: new Date(fact.time),
  };
}

/** Groups entries into PutEvents calls within the limits. */
function inCalls(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const calls: PutEventsRequestEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.Detail ?? '') + 200;
    const current = calls.at(-1);
    if (current === undefined || current.length === entriesPerCall || bytes + size > bytesPerCall) {
      calls.push([entry]);
      bytes = size;
    } else {
      current.push(entry);
      bytes += size;
    }
  }
  return calls;
}

/**
 * Creates the bus. PutEvents responds 200 even if it rejects entries, so each result is checked and rejected entries are
 * sent once more; otherwise facts would be lost without an error.
 */
export function createBus(client: Pick<EventBridgeClient, 'send'>, busName: string): Bus {
  /** Returns the entries that EventBridge rejected. */
  const put = async (entries: PutEventsRequestEntry[], { signal }: CallOptions): Promise<PutEventsRequestEntry[]> => {
    const { Entries: results = [] } = await client.send(
      new PutEventsCommand({ Entries: entries }),
      signal === undefined ? {} : { abortSignal: signal },
    );
    return entries.filter((_, index) => results[index]?.EventId === undefined);
  };
  return {
    publish: async (facts, options = {}) => {
      for (const entries of inCalls(facts.map((fact) => entryOf(fact, busName)))) {
        const rejected = await put(entries, options);
        const rejectedTwice = rejected.length === 0 ? [] : await put(rejected, options);
        if (rejectedTwice.length > 0) {
          throw new Error(`EventBridge rejected ${rejectedTwice.length} of ${entries.length} facts twice.`);
        }
      }
    },
  };
}
