import type { RepositorySnapshot } from '@dispatcher/contracts';
import { type CallOptions, DeferError } from '@dispatcher/lambda';
import type { ConfigObserver } from '../observe/config-observer.ts';
import type { CheckChangeDependencies } from './check-change.ts';
import type { Observer } from './observe.ts';

export interface HintObserverDependencies {
  /** Reads one repository as it is now. */
  readonly readRepository: (
    request: { readonly installationId: number; readonly owner: string; readonly name: string },
    options: CallOptions,
  ) => Promise<RepositorySnapshot>;
  readonly configs: Pick<ConfigObserver, 'observe'>;
  /** Has the sweep look at an installation at once. */
  readonly requestSweep: (installationId: number) => Promise<boolean>;
  readonly now: () => number;
  readonly checkChange: CheckChangeDependencies;
}

const retryAfterMs = 60_000;

/** Creates what looks where hints say. */
export function createObserver(deps: HintObserverDependencies): Observer {
  const { readRepository, configs, requestSweep, now } = deps;
  return {
    repository: async ({ installationId, repository }, options) => {
      const { owner, name } = repository;
      const snapshot = await readRepository({ installationId, owner, name }, options);
      if (snapshot.state === 'unknown') {
        const retryAt = snapshot.unreachable?.retryAt ?? now() + retryAfterMs;
        throw new DeferError(
          `GitHub did not return ${owner}/${name}. ${snapshot.reason}`,
          Math.max(1_000, retryAt - now()),
        );
      }
      // Another repository of this name, or none: it was renamed again since, and has another hint; or the sweep finds it.
      if (snapshot.state === 'read' && snapshot.id === repository.id) await configs.observe([snapshot], 'hint');
    },
    installation: async ({ installationId }) => {
      if (await requestSweep(installationId)) return;
      throw new DeferError('Other processes changed the sweep at the same time.', retryAfterMs);
    },
    change: async (hint, options) => {
      const { checkChange } = await import('../rare-requests.ts');
      return checkChange(deps.checkChange, hint, options);
    },
  };
}
