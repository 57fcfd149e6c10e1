import type { Fact } from '@dispatcher/contracts';
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { eventSource } from '@dispatcher/topology';
import { asciiJson } from './ascii-json.ts';

/** Publishes facts, all or an error. A repeat is harmless: a fact's id is derived from what it says. */
export interface Bus {
  publish(facts: readonly Fact[]): Promise<void>;
}

// PutEvents takes at most 10 entries and 1 MB; 256 KB an entry was the older limit, kept as room to spare for a batch.
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
 * @throws Error when an entry was refused, also on a second try: the answer of PutEvents is 200 with refused entries
 * inside, and whoever does not read it loses facts without a trace.
 */
export function createBus(client: Pick<EventBridgeClient, 'send'>, busName: string): Bus {
  const put = async (entries: PutEventsRequestEntry[]): Promise<PutEventsRequestEntry[]> => {
    const { Entries: results = [] } = await client.send(new PutEventsCommand({ Entries: entries }));
    return entries.filter((_, index) => results[index]?.EventId === undefined);
  };
  return {
    publish: async (facts) => {
      for (const entries of inCalls(facts.map((fact) => entryOf(fact, busName)))) {
        const refused = await put(entries);
        const refusedAgain = refused.length === 0 ? [] : await put(refused);
        if (refusedAgain.length > 0) {
          throw new Error(`EventBridge refused ${refusedAgain.length} of ${entries.length} facts, twice.`);
        }
      }
    },
  };
}
