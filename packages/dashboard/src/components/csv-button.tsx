import { DownloadIcon } from '@primer/octicons-react';
import { Button } from '@primer/react';
import { useState } from 'react';
import type { List } from '../api/use-list.ts';
import { type CsvColumn, csvFileName, toCsv } from '../words/csv.ts';

/** A file holds at most so many pages of a list; narrow the filters for the rest. */
const maxPages = 100;

interface CsvButtonProps<Row> {
  /** The beginning of the file's name. */
  readonly name: string;
  readonly list: List<Row>;
  readonly columns: readonly CsvColumn<Row>[];
}

/** Downloads the list as a CSV file. Loads the pages that are not loaded yet. */
export function CsvButton<Row>({ name, list, columns }: CsvButtonProps<Row>) {
  const [isLoading, setIsLoading] = useState(false);
  const download = async () => {
    setIsLoading(true);
    try {
      let { data, hasNextPage } = list.query;
      while (hasNextPage && (data?.pages.length ?? 0) < maxPages) {
        const next = await list.query.fetchNextPage();
        if (next.isError) return;
        ({ data, hasNextPage } = next);
      }
      save(csvFileName(name, new Date()), toCsv(columns, data?.pages.flatMap(({ items }) => items) ?? []));
    } finally {
      setIsLoading(false);
    }
  };
  return (
    <Button leadingVisual={DownloadIcon} loading={isLoading} onClick={() => void download()}>
      Download CSV
    </Button>
  );
}

function save(name: string, text: string): void {
  // The byte order mark tells spreadsheets that the file is UTF-8.
  const url = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
