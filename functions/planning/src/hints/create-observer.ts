import { type CheckChangeDependencies, checkChange } from './check-change.ts';
import type { Observer } from './observe.ts';

/** Creates what looks where hints say. */
export function createObserver(deps: CheckChangeDependencies): Observer {
  return {
    repository: async () => {},
    installation: async () => {},
    change: (hint, options) => checkChange(deps, hint, options),
  };
}
