import type { Meter, StepLog } from '@dispatcher/lambda';
import { consentGraph, type RulesCache } from '@dispatcher/rules';
import type { ConsentIndex } from '@dispatcher/store';

export interface UpdateGraphDependencies {
  readonly index: ConsentIndex;
  /** Compiled rules by blob id: nearly all files are the same as at the last time. */
  readonly cache: RulesCache;
  readonly meter: Meter;
  readonly log: StepLog;
  readonly now: () => number;
}

/**
 * Computes the consent graph again if there are observations that the stored one does not contain. Late, repeated and
 * concurrent calls are safe, and so is a crash at any point: the next call compares everything again.
 */
export async function updateGraph({ index, cache, meter, log, now }: UpdateGraphDependencies): Promise<void> {
  const versions = await index.versions();
  if (versions.observed === versions.built) return;
  const startedAt = now();
  const configs = await index.configs();
  const graph = consentGraph(configs, cache);
  const builtAt = new Date(startedAt).toISOString();
  const owners = graph.owners.map((owner) => ({ ...owner, builtAt }));
  const candidates = graph.candidates.map((each) => ({ ...each, builtAt }));
  const written = await index.putGraph({ repositories: graph.repositories, owners, candidates }, versions);
  meter.milliseconds('GraphUpdate', now() - startedAt);
  log.info('consent graph updated', { repositories: configs.length, written });
}
