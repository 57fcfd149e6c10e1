import { type Fact, factsOfPlan } from '@dispatcher/contracts';
import { createFactStore } from '@dispatcher/store';
import {
  accepted,
  completed,
  createMemoryDynamo,
  deadLettered,
  failed,
  samplePlan,
  sampleRun,
} from '@dispatcher/store/testing';
import { line } from '../figures.ts';

const time = '2026-11-03T14:00:00.000Z';

/** Returns a fact of each type that dispatches and dead letters lead to. */
function sampleFacts(): [name: string, fact: Fact][] {
  const [planned, allowed, denied] = factsOfPlan(samplePlan(sampleRun(1, time, 'delivery-1'), ['allow', 'deny']), time);
  if (allowed?.type !== 'route.decided' || denied === undefined) throw new Error('The plan has no two decisions.');
  return [
    ['run.planned', planned],
    ['route.decided, allow', allowed],
    ['route.decided, deny', denied],
    ['dispatch.accepted', accepted(allowed, time)],
    ['dispatch.failed', failed(allowed, time)],
    ['dispatch.completed', completed(allowed, time)],
    ['message.dead-lettered', deadLettered('message-1', time, 'delivery-1')],
  ];
}

interface WriteInput {
  readonly TableName?: string;
  readonly Item?: { readonly pk: string };
  readonly Key?: { readonly pk: string };
}

/** Write units of a fact: its own item, with a pointer where it has one, and the entries of the indexes. */
export interface FactUnits {
  readonly type: string;
  readonly items: number;
  readonly indexes: number;
}

/** Measures the writes of a fact that is recorded alone, without its entry of the log, which a batch shares. */
export async function measureFacts(): Promise<FactUnits[]> {
  return Promise.all(
    sampleFacts().map(async ([type, fact]) => {
      const memory = createMemoryDynamo({ metered: true });
      let [items, indexes] = [0, 0];
      const client = memory.newClient(async (_command, perform, input) => {
        const { TableName: table, Item: item, Key: key } = input as WriteInput;
        memory.collectCapacity();
        try {
          return perform();
        } finally {
          const { singleUnits, indexUnits } = memory.collectCapacity();
          if (table === 'facts' && (item ?? key)?.pk.startsWith('log#') === false) {
            items += singleUnits;
            indexes += indexUnits;
          }
        }
      });
      await createFactStore({ client, table: 'facts', projectionsTable: 'projections' }).recordFacts([fact]);
      return { type, items, indexes };
    }),
  );
}

export async function factTable(): Promise<string[]> {
  return [
    line(['fact', 'items', 'index entries', 'write units']),
    line(['---', '--:', '--:', '--:']),
    ...(await measureFacts()).map(({ type, items, indexes }) => line([type, items, indexes, items + indexes])),
  ];
}
