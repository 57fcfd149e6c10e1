import { Button } from '@primer/react';
import type { List } from '../api/use-list.ts';
import { counted } from '../words/counts.ts';
import styles from './data-list.module.css';

/** The end of a list: a button while there is a next page, else how many rows there are. */
export function LoadMore({
  list,
  noun,
  plural,
  total,
}: {
  readonly list: List<unknown>;
  readonly noun: string;
  readonly plural?: string;
  /** The number of all rows where it is known: the API offers a next page as long as there may be one. */
  readonly total?: number;
}) {
  const { query, items } = list;
  if (query.hasNextPage && (total === undefined || items.length < total)) {
    return (
      <div className={styles.more}>
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load more
        </Button>
      </div>
    );
  }
  return <p className={styles.end}>{counted(items.length, noun, plural)}. There are no more.</p>;
}
