import type { Fact } from '@dispatcher/contracts';
import { split } from './fact-summary.ts';
import { searchEntryOf } from './run-search.ts';
import { detailKey, dispatchIdOf, expiryOf, factKey, isKey, orderOf, repositoryOf, routeIdOf } from './fact-keys.ts';

export type Item = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

// Without the key the item is only missing from the index. With a key that DynamoDB refuses it could not be stored.
function indexKey(name: string, value: string | undefined): Readonly<Record<string, string>> {
  return isKey(value) ? { [name]: value } : {};
}

/** Returns the items that store one fact: its summary, and its detail if it has one. */
export function itemsOf(fact: Fact, retentionDays?: number): readonly [Item, ...Item[]] {
  const key = factKey(fact);
  const expiresAt = expiryOf(fact.time, retentionDays);
  const { summary, detail } = split(fact);
  const item: Item = {
    ...key,
    type: fact.type,
    time: fact.time,
    order: orderOf(fact),
    fact: summary,
    expiresAt,
    ...indexKey('correlationId', fact.correlationId),
    ...indexKey('repository', repositoryOf(fact)),
    ...indexKey('routeId', routeIdOf(fact)),
    ...indexKey('dispatchId', dispatchIdOf(fact)),
    ...searchAttributesOf(fact),
    ...(detail === null ? {} : { hasDetail: true }),
  };
  return detail === null ? [item] : [item, { ...detailKey(key), detail, expiresAt }];
}

function searchAttributesOf(fact: Fact) {
  const entry = searchEntryOf(fact);
  if (entry === null) return {};
  const { result, search, commit } = entry;
  return { found: result, ...indexKey('search', search), ...indexKey('commit', commit) };
}
