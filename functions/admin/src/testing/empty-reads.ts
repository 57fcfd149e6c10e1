import type { ApiReads } from '../resources/api-reads.ts';

const empty = async () => ({ items: [], cursor: null });
const none = async () => null;

/** The reads of an empty store: before the first fact and the first roll-up. */
export const emptyReads: ApiReads = {
  deliveries: empty,
  delivery: empty,
  run: empty,
  repositoryFacts: empty,
  routeFacts: empty,
  facts: empty,
  newestFacts: async () => [],
  summary: none,
  trend: none,
  queues: none,
  status: none,
  deadLetterSummary: none,
  deadLetters: empty,
  repositories: empty,
  repository: none,
  inboundUses: empty,
  routes: empty,
  routeProjection: none,
  graphOwners: empty,
  graph: empty,
  graphRepository: none,
  sweeps: empty,
  installations: empty,
  audit: empty,
  dispatches: empty,
  dispatch: empty,
  plans: empty,
  file: none,
  findRuns: empty,
  runs: empty,
};
