import type { Observer } from './observe.ts';

/** Creates what looks where hints say. */
export function createObserver(): Observer {
  return {
    repository: async () => {},
    installation: async () => {},
    change: async () => {},
  };
}
