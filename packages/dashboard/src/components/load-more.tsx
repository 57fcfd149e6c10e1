import { SearchIcon } from '@primer/octicons-react';
import { Button } from '@primer/react';
import type { ReactNode } from 'react';
import type { List } from '../api/use-list.ts';
import { counted } from '../words/counts.ts';
import styles from './data-list.module.css';
import { Blank } from './states.tsx';

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
        <LoadMoreButton list={list} />
      </div>
    );
  }
  return <p className={styles.end}>{counted(items.length, noun, plural)}. There are no more.</p>;
}

const LoadMoreButton = ({ list: { query } }: { readonly list: List<unknown> }) => (
  <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
    Load more
  </Button>
);

/**
 * In place of the rows of a list that has none: `children` once the list was read to its end. Before that, a page without
 * rows only says that none of the entries that it examined matches the filters.
 */
export function NoRows({ list, children }: { readonly list: List<unknown>; readonly children: ReactNode }) {
  if (!list.query.hasNextPage) return children;
  return (
    <Blank icon={SearchIcon} title="No match so far" next={<LoadMoreButton list={list} />}>
      Nothing read so far matches the filters. Load more to continue.
    </Blank>
  );
}
