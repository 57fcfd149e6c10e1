/** One figure of docs/performance.md. */
export interface Figure {
  readonly name: string;
  /** What the first release had, in the order of the values. */
  readonly before: readonly number[];
  /** Limits, in the order of the values. */
  readonly goal: readonly number[];
  /** Whether the goals are lower limits. */
  readonly isMinimum?: boolean;
  readonly now: readonly number[];
  readonly command: string;
  /** Where the cost goes, and what would change it. The page shows it while the goal is missed. */
  readonly reason: string;
}

export const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

export const rounded = (value: number): string => String(Number(value.toFixed(value < 100 ? 2 : 0)));

export const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;

const all = (values: readonly number[], text: (value: number) => string): string => values.map(text).join(' / ');

/** Returns whether a value is beyond its goal, after rounding. */
export const isMissed = ({ goal, now, isMinimum = false }: Figure): boolean =>
  now.some((value, index) => {
    const limit = goal[index] ?? (isMinimum ? -Infinity : Infinity);
    return isMinimum ? Number(rounded(value)) < limit : Number(rounded(value)) > limit;
  });

/** Returns the table of the figures in Markdown. */
export function figureTable(figures: readonly Figure[]): string[] {
  return [
    line(['figure', 'first release', 'goal', 'now', 'command']),
    line(['---', '--:', '--:', '--:', '---']),
    ...figures.map((figure) =>
      line([
        figure.name,
        all(figure.before, rounded),
        all(figure.goal, (value) => `${figure.isMinimum === true ? '≥' : '≤'} ${value}`),
        `${all(figure.now, rounded)}${isMissed(figure) ? ' (missed)' : ''}`,
        `\`${figure.command}\``,
      ]),
    ),
  ];
}

/** Reads the values of a figure back from the table. @throws Error if the table has no such row */
export function readFigure(page: string, name: string): number[] {
  const row = page.split('\n').find((each) => each.startsWith(`| ${name} |`));
  if (row === undefined) throw new Error(`docs/performance.md has no figure “${name}”. Run: npm run bench -- --write`);
  return (row.split(' | ')[3] ?? '').replace(' (missed)', '').split(' / ').map(Number);
}
