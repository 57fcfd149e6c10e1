import { type Figure, figureTable, isMissed } from './figures.ts';

const fence = '```';

interface Page {
  readonly rows: readonly string[];
  /** Why a goal is missed, by the name of the figure. */
  readonly missed: ReadonlyMap<string, string>;
  /** The output of each part of the benchmark, by name. */
  readonly parts: ReadonlyMap<string, string>;
}

const heading = '## Figures and goals';
const missedHeading = '## Missed goals';
const partsHeading = '## Parts';

/** What a new page takes from the one before: the figures and parts with these names. */
interface Kept {
  readonly page: string;
  readonly figures: readonly string[];
  readonly parts: readonly string[];
}

/** Returns docs/performance.md. @param parts the output of each part of the benchmark, by name */
export function performancePage(
  figures: readonly Figure[],
  parts: Readonly<Record<string, string>>,
  kept: Kept = { page: '', figures: [], parts: [] },
): string {
  const [before, now] = [parsePage(kept.page), pageOf(figures, parts)];
  return render({
    rows: [...now.rows, ...before.rows.filter((row) => kept.figures.includes(nameOf(row)))],
    missed: new Map([...now.missed, ...pick(before.missed, kept.figures)]),
    parts: new Map([...now.parts, ...pick(before.parts, kept.parts)]),
  });
}

/**
 * Returns the page with these figures and parts in the place of those with the same names, and all others as they are.
 * @param page docs/performance.md
 */
export function updatedPage(page: string, figures: readonly Figure[], parts: Readonly<Record<string, string>>): string {
  const [before, now] = [parsePage(page), pageOf(figures, parts)];
  const names = new Set(figures.map(({ name }) => name));
  const replaced = before.rows.map((row) => now.rows.find((each) => nameOf(each) === nameOf(row)) ?? row);
  const added = now.rows.filter((row) => before.rows.every((each) => nameOf(each) !== nameOf(row)));
  const rows = [...replaced, ...added];
  const reasons = new Map([...[...before.missed].filter(([name]) => !names.has(name)), ...now.missed]);
  const missed = new Map(
    rows.map(nameOf).flatMap((name) => {
      const reason = reasons.get(name);
      return reason === undefined ? [] : [[name, reason] as const];
    }),
  );
  return render({ rows, missed, parts: new Map([...before.parts, ...now.parts]) });
}

const pick = (map: ReadonlyMap<string, string>, names: readonly string[]) =>
  [...map].filter(([name]) => names.includes(name));

const nameOf = (row: string): string => row.slice(2, row.indexOf(' | '));

function pageOf(figures: readonly Figure[], parts: Readonly<Record<string, string>>): Page {
  const [, , ...rows] = figureTable(figures);
  const missed = figures.flatMap((figure) => (isMissed(figure) ? [[figure.name, figure.reason] as const] : []));
  const texts = Object.entries(parts).map(([name, text]) => [name, blockOf(text)] as const);
  return { rows, missed: new Map(missed), parts: new Map(texts) };
}

/** A part with tables is Markdown; any other is shown as it is printed. */
function blockOf(text: string): string {
  return /^\| --/m.test(text) ? text.trimEnd() : [`${fence}text`, text.trimEnd(), fence].join('\n');
}

function parsePage(page: string): Page {
  const section = (from: string, to?: string) =>
    page.slice(page.indexOf(from) + from.length, to === undefined ? undefined : page.indexOf(to)).trim();
  const rows = section(heading, missedHeading).split('\n').slice(2);
  const missed = section(missedHeading, partsHeading)
    .split('\n')
    .flatMap((text) => {
      const [, name = '', reason = ''] = /^\*\*(.+?)\*\*\. (.+)$/.exec(text) ?? [];
      return name === '' ? [] : [[name, reason] as const];
    });
  const parts = section(partsHeading)
    .split(/^### /m)
    .filter((text) => text !== '')
    .map((text) => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n')).trim()] as const);
  return { rows, missed: new Map(missed), parts: new Map(parts) };
}

function render({ rows, missed, parts }: Page): string {
  const [head = '', rule = ''] = figureTable([]);
  return [
    '# Performance',
    '',
    '`npm run bench` measures the figures below and prints them; `npm run bench -- NAME` measures one part. `-- --json` prints JSON, and',
    '`-- --write` writes this page, or with a NAME only the figures and the text of the part. Two parts take longer than all others',
    'and are measured by name only: `npm run bench -- log 60` simulates an hour, `npm run bench -- suite` runs `npm test`.',
    '',
    'Units, requests and bytes are counted from the requests that the functions send, and a test compares them with this page.',
    'Times depend on the machine: compare only their ratios. “First release” is what was measured of the release before this',
    'storage, when a goal was set for the next one.',
    '',
    heading,
    '',
    head,
    rule,
    ...rows,
    '',
    missedHeading,
    '',
    ...(missed.size === 0 ? ['None.', ''] : [...missed].flatMap(([name, reason]) => [`**${name}**. ${reason}`, ''])),
    partsHeading,
    '',
    ...[...parts].flatMap(([name, block]) => [`### ${name}`, '', block, '']),
  ].join('\n');
}
