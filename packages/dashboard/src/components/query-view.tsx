import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure, ListSkeleton, StaleLine } from './states.tsx';

type Query<Data> = Pick<UseQueryResult<Data>, 'data' | 'dataUpdatedAt' | 'error' | 'isError' | 'isPending'> & {
  readonly refetch: () => Promise<unknown>;
};

interface QueryViewProps<Data> {
  readonly query: Query<Data>;
  readonly children: (data: NonNullable<Data>) => ReactNode;
  /** What is shown while nothing has arrived yet; it has the size of the content. */
  readonly skeleton?: ReactNode;
  /** Replaces the message for a failure where the page has better words, such as for 404. */
  readonly failure?: (error: unknown) => ReactNode;
}

/** Shows the data of a query, or its loading, failed or stale state. */
export function QueryView<Data>({ query, children, skeleton = <ListSkeleton />, failure }: QueryViewProps<Data>) {
  const { data, error, isError } = query;
  const retry = () => void query.refetch();
  if (data !== undefined && data !== null) {
    return (
      <>
        {isError ? <StaleLine since={query.dataUpdatedAt} retry={retry} /> : null}
        {children(data)}
      </>
    );
  }
  if (isError) return failure === undefined ? <Failure error={error} retry={retry} /> : failure(error);
  return skeleton;
}
