import { Button } from '@primer/react';
import type { List } from '../api/use-list.ts';
import { counted } from '../words/counts.ts';
import styles from './data-list.module.css';

/** The end of a list: a button while there is a next page, else how many rows there are. */
export function LoadMore({
  list,
  noun,
  plural,
}: {
  readonly list: List<unknown>;
  readonly noun: string;
  readonly plural?: string;
}) {
  const { query, items } = list;
  if (query.hasNextPage) {
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
