import type { Fact } from '@dispatcher/contracts';
import { split } from './fact-summary.ts';
import { findableOf } from './run-search.ts';
import {
  detailKey,
  dispatchIdOf,
  expiryOf,
  factKey,
  feedOf,
  isKey,
  orderOf,
  repositoryOf,
  routeIdOf,
} from './fact-keys.ts';
import { rowOf } from './feed-rows.ts';

export type Item = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

// Without the key the item is only not in that index; with one that DynamoDB does not take it could not be stored.
function indexKey(name: string, value: string | undefined): Readonly<Record<string, string>> {
  return isKey(value) ? { [name]: value } : {};
}

/** The items that store one fact: itself, and its detail where it has one. */
export function itemsOf(fact: Fact): readonly [Item, ...Item[]] {
  const key = factKey(fact);
  const expiresAt = expiryOf(fact.time);
  const { brief, detail } = split(fact);
  const item: Item = {
    ...key,
    type: fact.type,
    time: fact.time,
    order: orderOf(fact),
    fact: brief,
    expiresAt,
    ...indexKey('correlationId', fact.correlationId),
    ...indexKey('repository', repositoryOf(fact)),
    ...indexKey('routeId', routeIdOf(fact)),
    ...indexKey('dispatchId', dispatchIdOf(fact)),
    ...lineOf(fact),
    ...findingOf(fact),
    ...(detail === null ? {} : { hasDetail: true }),
  };
  return detail === null ? [item] : [item, { ...detailKey(key), detail, expiresAt }];
}

function lineOf(fact: Fact) {
  // A delivery whose GUID is no key has no journey that its line could lead to.
  const row = isKey(fact.correlationId) ? rowOf(fact) : null;
  return row === null ? {} : { feed: feedOf(fact), row };
}

function findingOf(fact: Fact) {
  const findable = findableOf(fact);
  if (findable === null) return {};
  const { found, search, commit } = findable;
  return { found, ...indexKey('search', search), ...indexKey('commit', commit) };
}
