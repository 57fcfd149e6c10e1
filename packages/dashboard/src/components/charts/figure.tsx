import { type ReactNode, useId, useState } from 'react';
import styles from './figure.module.css';

export interface ChartTable {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

interface ChartFigureProps {
  readonly title: string;
  /** What the chart says, in one sentence: its name for screen readers, and shown under the title. */
  readonly sentence: string;
  readonly table: ChartTable;
  readonly children: ReactNode;
}

/** A chart with its title and the sentence that it proves; the same numbers are there as a table. */
export function ChartFigure({ title, sentence, table, children }: ChartFigureProps) {
  const [showsTable, setShowsTable] = useState(false);
  const id = useId();
  return (
    <section className={styles.figure} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 className={styles.title} id={id}>
          {title}
        </h2>
        <button
          type="button"
          className={styles.switch}
          aria-pressed={showsTable}
          onClick={() => setShowsTable(!showsTable)}
        >
          {showsTable ? 'Show as chart' : 'Show as table'}
        </button>
      </div>
      <p className={styles.sentence}>{sentence}</p>
      {showsTable ? <NumbersTable title={title} table={table} /> : children}
    </section>
  );
}

function NumbersTable({ title, table }: { readonly title: string; readonly table: ChartTable }) {
  return (
    // Scrolls, so the keyboard must reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.table} tabIndex={0} role="region" aria-label={`${title} as a table`}>
      <table>
        <thead>
          <tr>
            {table.headers.map((header) => (
              <th key={header} scope="col">
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map(([first, ...rest]) => (
            <tr key={first}>
              <th scope="row">{first}</th>
              {rest.map((cell, index) => (
                <td key={table.headers[index + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
