import type { Fact } from '@dispatcher/contracts';
import { split } from './brief.ts';
import { detailKey, expiryOf, factKey, feedKey, isKey, orderOf, repositoryOf, routeIdOf } from './keys.ts';
import { rowOf } from './row.ts';

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
  const row = isKey(fact.correlationId) ? rowOf(fact) : null;
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
    ...(row === null ? {} : { feed: feedKey, row }),
    ...(detail === null ? {} : { hasDetail: true }),
  };
  return detail === null ? [item] : [item, { ...detailKey(key), detail, expiresAt }];
}
