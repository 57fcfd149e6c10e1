// Tables as files that a spreadsheet opens (RFC 4180).

export type CsvColumn<Row> = readonly [header: string, value: (row: Row) => string | number | null];

// A spreadsheet would execute a cell that begins like a formula, in some languages also with full-width characters; the
// apostrophe makes it text.
const isFormula = (text: string) => /^[=+\-@＝＋－＠\t\r\n]/.test(text);

function cellOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = isFormula(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Returns rows as CSV: the headers first, lines ended by CRLF. */
export function toCsv<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(([header]) => cellOf(header)),
    ...rows.map((row) => columns.map(([, value]) => cellOf(value(row)))),
  ];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** Returns a file name with the time: `audit-2026-11-28T0905.csv`. */
export const csvFileName = (name: string, time: Date): string =>
  `${name.replaceAll(/[^\w.-]+/g, '-')}-${time.toISOString().slice(0, 16).replace(':', '')}.csv`;
