/** One figure of docs/performance.md. */
export interface Figure {
  readonly name: string;
  /** Upper limits, in the order of the values. */
  readonly goal: readonly number[];
  readonly now: readonly number[];
  readonly command: string;
  /** Where the goal is missed: where the cost goes, and what would change it. */
  readonly reason?: string;
}

export const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

export const rounded = (value: number): string => String(Number(value.toFixed(value < 100 ? 2 : 0)));

const all = (values: readonly number[], text: (value: number) => string): string => values.map(text).join(' / ');

/** Returns whether a value exceeds its goal, after rounding. */
export const isMissed = ({ goal, now }: Figure): boolean =>
  now.some((value, index) => Number(rounded(value)) > (goal[index] ?? Infinity));

/** Returns the table of the figures in Markdown. */
export function figureTable(figures: readonly Figure[]): string[] {
  return [
    line(['figure', 'goal', 'now', 'command']),
    line(['---', '--:', '--:', '---']),
    ...figures.map((figure) =>
      line([
        figure.name,
        all(figure.goal, (value) => `≤ ${value}`),
        `${all(figure.now, rounded)}${isMissed(figure) ? ' (missed)' : ''}`,
        `\`${figure.command}\``,
      ]),
    ),
  ];
}

/** Reads the values of a figure back from the table. @throws Error if the table has no such row */
export function readFigure(page: string, name: string): number[] {
  const row = page.split('\n').find((each) => each.startsWith(`| ${name} |`));
  if (row === undefined) throw new Error(`docs/performance.md has no figure “${name}”. Run: npm run bench`);
  return (row.split(' | ')[2] ?? '').replace(' (missed)', '').split(' / ').map(Number);
}
