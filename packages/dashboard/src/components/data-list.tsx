import type { ReactNode } from 'react';
import styles from './data-list.module.css';
import { useIsNarrow } from './use-media.ts';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** What stands under the cell; on a narrow page a line of its own, as wide as the row. */
  readonly below?: (row: Row) => ReactNode;
  readonly align?: 'start' | 'end';
  /** The column that takes the remaining width, and whose long words may break. */
  readonly grow?: boolean;
  /**
   * Where the cell stands on a narrow page, where a row becomes two lines: `primary` on the left and `state` on the right of
   * the first, `line` on one of its own, `detail` (by default) after these, `actions` on the last, `hidden` nowhere.
   */
  readonly narrow?: 'actions' | 'detail' | 'hidden' | 'line' | 'primary' | 'state';
}

interface DataListProps<Row> {
  /** What the list holds, for screen readers: `Runs`. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

/** Shows rows as a table; on a page narrower than 768 px as a list with a few lines for each row. */
export function DataList<Row>({ label, columns, rows, keyOf }: DataListProps<Row>) {
  const isNarrow = useIsNarrow();
  return (
    <div className={styles.frame}>
      {isNarrow ? (
        <NarrowList label={label} columns={columns} rows={rows} keyOf={keyOf} />
      ) : (
        <table className={styles.table} aria-label={label}>
          <thead>
            <tr>
              {columns.map(({ id, header, align, grow }) => (
                <th key={id} scope="col" data-align={align} data-grow={grow}>
                  {header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={keyOf(row)} data-row>
                {columns.map(({ id, cell, below, align, grow }) => (
                  <td key={id} data-align={align} data-grow={grow}>
                    {cell(row)}
                    {below?.(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function NarrowList<Row>({ label, columns, rows, keyOf }: DataListProps<Row>) {
  const at = (place: Column<Row>['narrow']) => columns.filter(({ narrow = 'detail' }) => narrow === place);
  return (
    <ul aria-label={label}>
      {rows.map((row) => (
        <li key={keyOf(row)} className={styles.item} data-row>
          <div className={styles.primary}>
            {at('primary').map(({ id, cell }) => (
              <span key={id}>{cell(row)}</span>
            ))}
          </div>
          <div>
            {at('state').map(({ id, cell }) => (
              <span key={id}>{cell(row)}</span>
            ))}
          </div>
          {columns.map(({ id, below }) => {
            const content = below?.(row) ?? null;
            return content === null ? null : (
              <div key={id} className={styles.line}>
                {content}
              </div>
            );
          })}
          {at('line').map(({ id, cell }) => (
            <div key={id} className={`${styles.line} ${styles.muted}`}>
              {cell(row)}
            </div>
          ))}
          <div className={styles.details}>
            {at('detail').map(({ id, cell }) => (
              <span key={id} className={styles.detail}>
                {cell(row)}
              </span>
            ))}
          </div>
          {at('actions').map(({ id, cell }) => (
            <div key={id} className={styles.line}>
              {cell(row)}
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}
