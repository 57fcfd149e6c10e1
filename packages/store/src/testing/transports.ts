import type { Fact } from '@dispatcher/contracts';
import * as fc from 'fast-check';
import type { FactStore } from '../fact-store.ts';
import type { Fault } from './faults.ts';

/** How facts are delivered and folded: their order, repeats and batches, the roll-ups, and what goes wrong. */
const settings = fc.record({
  places: fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
  /** A quarter of the facts is sent twice. */
  twice: fc.array(fc.constantFrom(false, false, false, true), { minLength: 17, maxLength: 17 }),
  batchSize: fc.oneof({ withCrossShrink: true }, fc.integer({ min: 1, max: 45 }), fc.integer({ min: 3, max: 9 })),
  faults: fc.array(fc.option(fc.constantFrom<Fault>('dies-before', 'dies-after', 'unprocessed'), { freq: 4 }), {
    maxLength: 40,
  }),
  yields: fc.array(fc.nat({ max: 5 }), { minLength: 13, maxLength: 13 }),
  /** Number of roll-ups that run at the same time. */
  rollUps: fc.oneof(
    { withCrossShrink: true },
    { weight: 7, arbitrary: fc.integer({ min: 1, max: 2 }) },
    { weight: 1, arbitrary: fc.integer({ min: 3, max: 10 }) },
  ),
  /** FACT_SHARDS of the first and of the second writer: it changes while they run. */
  shards: fc.tuple(fc.constantFrom(1, 2, 16), fc.constantFrom(1, 2, 16)),
  /** The call at which a writer, and at which a roll-up, is paused until everybody else has ended. */
  pausedWriter: fc.option(fc.nat({ max: 30 })),
  pausedRollUp: fc.option(fc.nat({ max: 30 })),
  /**
   * The number of calls after which the table `facts` is backed up; it is restored to that time at the end. In one history
   * of eight, because a restore folds and delivers the whole history again.
   */
  restore: fc.oneof(
    { withCrossShrink: true },
    { weight: 7, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.nat({ max: 60 }) },
  ),
});

/** Prints only what is not the default, where fast-check reports a counterexample. */
export const transports = settings.map((transport) =>
  Object.defineProperty(transport, fc.toStringMethod, { value: () => `transport ${printed(transport)}` }),
);

function printed(how: typeof settings extends fc.Arbitrary<infer T> ? T : never): string {
  const { places, twice, faults, yields, ...rest } = how;
  const entries = Object.entries({ places, twice, faults, yields }).map(([name, list]) => {
    const changed = [...list.entries()].filter(([, value]) => Boolean(value));
    return [name, Object.fromEntries(changed)] as const;
  });
  const changed = entries.filter(([, values]) => Object.keys(values).length > 0);
  return JSON.stringify({ ...rest, ...Object.fromEntries(changed) });
}

export type Transport = typeof transports extends fc.Arbitrary<infer T> ? T : never;

export function batchesOf(facts: readonly Fact[], { places, twice, batchSize }: Transport): Fact[][] {
  const sent = facts.flatMap((fact, index) => (twice[index % twice.length] === true ? [fact, fact] : [fact]));
  const shuffled = sent
    .map((fact, index) => ({ fact, place: (places[index % places.length] ?? 0) + index }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ fact }) => fact);
  const count = Math.ceil(shuffled.length / batchSize);
  return Array.from({ length: count }, (_, index) => shuffled.slice(index * batchSize, (index + 1) * batchSize));
}

/** Delivers batches as SQS does: a failed batch is redelivered until it succeeds. Returns the number of failures. */
export async function deliver(
  store: Pick<FactStore, 'recordFacts'>,
  batches: readonly (readonly Fact[])[],
): Promise<number> {
  let failures = 0;
  for (const batch of batches) {
    for (let done = false; !done; ) {
      done = await store.recordFacts(batch).then(
        () => true,
        () => false,
      );
      if (!done) failures += 1;
      // Ends the redelivery of a batch that always fails with its error.
      if (failures > 1_000) await store.recordFacts(batch);
    }
  }
  return failures;
}
