import { type ConfigObserved, factId, type RepositoryContents, type RepositorySnapshot } from '@dispatcher/contracts';
import type { Bus, StepLog } from '@dispatcher/lambda';
import { type CompileCache, type ConfigObservation, observationKey, observeConfig } from '@dispatcher/rules';
import type { Observation, ObservationStore } from '@dispatcher/store';

export type SeenBy = ConfigObserved['data']['seenBy'];

export interface ObserverDependencies {
  readonly observations: Pick<ObservationStore, 'getObservation' | 'putObservation'>;
  readonly cache: CompileCache;
  readonly bus: Bus;
  readonly log: StepLog;
  readonly now: () => number;
}

/** Records what repositories say in their dispatching.yml, as `config.observed`. */
export interface ConfigObserver {
  /**
   * Publishes what is new in these snapshots, and nothing for the others. Idempotent.
   * @returns the number of repositories that have changed
   * @throws Error if something could not be stored or published
   */
  observe(snapshots: readonly RepositorySnapshot[], seenBy: SeenBy): Promise<number>;
  /** As {@link observe} for a plan: never fails, because a plan must not wait for the index. The next look repeats it. */
  observeOfPlan(snapshots: readonly RepositorySnapshot[]): Promise<void>;
  /** Publishes that the App has no access to a repository any more. Does nothing if that is known, or if it is in use elsewhere. */
  observeGone(repositoryId: number, installationId: number): Promise<boolean>;
}

/** For so long, a plan does not look up again what this process knows to be recorded. */
const rememberedMs = 60_000;
const maxRemembered = 5_000;
/** Recorded again after this time, so that the index outlives the log of the facts. */
const rewriteAfterMs = 180 * 24 * 60 * 60_000;

export function createConfigObserver(deps: ObserverDependencies): ConfigObserver {
  const { observations, cache, bus, log, now } = deps;
  const recorded = new Map<number, { readonly key: string; readonly until: number }>();

  function remember(repositoryId: number, key: string): void {
    if (recorded.size >= maxRemembered) recorded.clear();
    recorded.set(repositoryId, { key, until: now() + rememberedMs });
  }

  async function observeOne(snapshot: RepositoryContents, seenBy: SeenBy): Promise<boolean> {
    const key = observationKey(snapshot, cache);
    if (key === null) return false;
    const { id } = snapshot;
    const known = seenBy === 'plan' ? recorded.get(id) : undefined;
    if (known?.key === key && known.until > now()) return false;
    const previous = await observations.getObservation(id);
    if (isRecorded(previous, key, seenBy, now())) {
      remember(id, key);
      return false;
    }
    const observation = observeConfig(snapshot);
    if (observation === null) return false;
    await record(observation, { key, previous, seenBy });
    remember(id, key);
    return true;
  }

  async function record(
    observed: ConfigObservation,
    { key, previous, seenBy }: { key: string; previous: Observation | null; seenBy: SeenBy },
  ): Promise<void> {
    const { repositoryId, repository, installationId, visibility, state, commit } = observed;
    // Later than the previous one, even if the clock of this process is behind.
    const time = new Date(Math.max(now(), Date.parse(previous?.observedAt ?? '') + 1 || 0)).toISOString();
    // The previous time distinguishes a content that returns; until it is stored, a repeat is the same fact.
    const id = factId('config.observed', repositoryId, key, commit, previous?.observedAt ?? null);
    const correlationId = `config-${id}`;
    const data = { ...observed, seenBy };
    await bus.publish([{ version: 1, id, type: 'config.observed', time, correlationId, data }]);
    const isGone = state === 'gone';
    await observations.putObservation({
      repositoryId,
      key: isGone && previous !== null ? previous.key : key,
      observedAt: time,
      repository,
      installationId,
      visibility,
      isGone,
    });
    log.info('config observed', { repository, state, seenBy });
  }

  const observer: ConfigObserver = {
    observe: async (snapshots, seenBy) => {
      const read = new Map(
        snapshots.flatMap((snapshot) => (snapshot.state === 'read' ? [[snapshot.id, snapshot] as const] : [])),
      );
      const changed = await Promise.all([...read.values()].map((snapshot) => observeOne(snapshot, seenBy)));
      return changed.filter(Boolean).length;
    },
    observeOfPlan: async (snapshots) => {
      await observer.observe(snapshots, 'plan').catch((error: unknown) => {
        log.warn('could not record what a repository says; the next look at it tries again', { error });
      });
    },
    observeGone: async (repositoryId, installationId) => {
      const previous = await observations.getObservation(repositoryId);
      if (previous === null || previous.isGone || previous.installationId !== installationId) return false;
      const { repository, visibility } = previous;
      const nothing = { defaultBranch: null, commit: null, path: null, blobId: null, problems: [], rules: null };
      const gone = { repositoryId, repository, installationId, visibility, isActive: false, state: 'gone' } as const;
      await record({ ...gone, ...nothing }, { key: `gone ${previous.key}`, previous, seenBy: 'sweep' });
      recorded.delete(repositoryId);
      return true;
    },
  };
  return observer;
}

/**
 * Returns whether nothing is to be recorded. A plan can read a public repository that the App has no access to, so it does not
 * bring back a repository that is gone: a hint and the sweep do.
 */
function isRecorded(previous: Observation | null, key: string, seenBy: SeenBy, now: number): boolean {
  if (previous === null) return false;
  if (previous.isGone) return seenBy === 'plan';
  return previous.key === key && now - Date.parse(previous.observedAt) < rewriteAfterMs;
}
