import { styleText } from 'node:util';
import stringWidth from 'string-width';
import type { Terminal } from '../command.ts';

export type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

export interface Cell {
  readonly text: string;
  readonly style?: Style | undefined;
}

export interface Column {
  readonly title: string;
  /** The width in characters to which the column may be cut; without it, the column is never cut. */
  readonly minWidth?: number;
}

const gap = '  ';
const blank: Cell = { text: '' };

/**
 * Returns a table. On a terminal it fits the width: the widest columns are cut first; if that is not enough, each row
 * becomes a block of lines. Without a terminal nothing is cut.
 */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly (Cell | string)[])[],
  terminal: Pick<Terminal, 'columns' | 'hasColors'>,
): string {
  const cells = rows.map((row) => columns.map((_, at) => printable(cellOf(row[at] ?? blank))));
  const natural = columns.map(({ title }, at) =>
    Math.max(stringWidth(title), ...cells.map((row) => stringWidth(row[at]?.text ?? ''))),
  );
  const widths = terminal.columns === undefined ? natural : fit(columns, natural, terminal.columns);
  if (widths === null) return blocks(columns, cells, terminal);
  const header = columns.map(({ title }): Cell => ({ text: title.toUpperCase(), style: 'dim' }));
  return [header, ...cells].map((row) => `${line(row, widths, terminal)}\n`).join('');
}

/** Returns the text in a style if the terminal shows colours. */
export function styled(text: string, style: Style | undefined, { hasColors }: Pick<Terminal, 'hasColors'>): string {
  return style === undefined || hasColors !== true ? text : styleText(style, text, { validateStream: false });
}

/** Replaces control characters: responses contain names and messages of others, which must not control the terminal. */
export function withoutControls(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD');
}

function cellOf(cell: Cell | string): Cell {
  return typeof cell === 'string' ? { text: cell } : cell;
}

function printable({ text, style }: Cell): Cell {
  return { text: withoutControls(text), style };
}

/** Returns the width of each column; null if they do not fit even when cut. */
function fit(columns: readonly Column[], natural: readonly number[], available: number): readonly number[] | null {
  const widths = [...natural];
  const least = columns.map(({ minWidth }, at) => Math.min(natural[at] ?? 0, minWidth ?? natural[at] ?? 0));
  let excess = sum(widths) + gap.length * (columns.length - 1) - available;
  while (excess > 0) {
    const reducible = [...widths.keys()].filter((at) => (widths[at] ?? 0) > (least[at] ?? 0));
    const [first, ...others] = reducible;
    if (first === undefined) return null;
    const widest = others.reduce((most, at) => ((widths[at] ?? 0) > (widths[most] ?? 0) ? at : most), first);
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function line(row: readonly Cell[], widths: readonly number[], terminal: Pick<Terminal, 'hasColors'>): string {
  const last = row.findLastIndex(({ text }) => text !== '');
  return row
    .slice(0, last + 1)
    .map(({ text, style }, at) => {
      const shown = cut(text, widths[at] ?? 0);
      const padding = at === last ? '' : ' '.repeat((widths[at] ?? 0) - stringWidth(shown));
      return `${styled(shown, style, terminal)}${padding}`;
    })
    .join(gap);
}

function blocks(
  columns: readonly Column[],
  cells: readonly (readonly Cell[])[],
  terminal: Pick<Terminal, 'hasColors'>,
): string {
  const width = Math.max(...columns.map(({ title }) => stringWidth(title)));
  return cells
    .map((row) =>
      row
        .flatMap(({ text, style }, at) =>
          text === '' ? [] : [`${(columns[at]?.title ?? '').padEnd(width)}${gap}${styled(text, style, terminal)}\n`],
        )
        .join(''),
    )
    .join('\n');
}

/** Cuts a text to a width; the last character is then `…`. */
function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let shown = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(shown + segment) > width - 1) break;
    shown += segment;
  }
  return `${shown}…`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
