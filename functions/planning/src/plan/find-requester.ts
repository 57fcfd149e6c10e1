import type { RequesterKind } from '@dispatcher/contracts';
import type { CurrentRequester } from '@dispatcher/rules';
import { type ApiKeyRecord, currentKey } from '@dispatcher/store';

export interface RequesterFinderDependencies {
  /** Returns the current record of an API key; null if it does not exist. */
  readonly getKey: (keyId: string) => Promise<ApiKeyRecord | null>;
  readonly now: () => number;
}

type FindRequester = (requester: { readonly kind: RequesterKind; readonly id: string }) => Promise<CurrentRequester>;

/** Creates the function that returns what an API key, a schedule or a webhook may request now. */
export function createRequesterFinder({ getKey, now }: RequesterFinderDependencies): FindRequester {
  return async ({ kind, id }) => {
    if (kind === 'key') return currentKey(await getKey(id), now());
    // None of these is stored, so the request of one can only be that of a requester that was deleted.
    return { targets: [], ended: 'deleted' };
  };
}
