import { createFactStore, type FactStore, type FactStoreOptions } from '../fact-store.ts';

/** A store that folds facts as soon as they are recorded, for tests that judge reads. */
export function createFoldingStore(options: FactStoreOptions): FactStore {
  const store = createFactStore(options);
  return {
    ...store,
    recordFacts: async (facts) => {
      await store.recordFacts(facts);
      await store.rollUp.fold();
    },
  };
}
