import { type Figure, figureTable, isMissed } from './figures.ts';

const fence = '```';

/** Returns docs/performance.md. @param parts the output of each part of the benchmark, by name */
export function performancePage(figures: readonly Figure[], parts: Readonly<Record<string, string>>): string {
  const missed = figures.filter((figure) => isMissed(figure) && figure.reason !== undefined);
  return [
    '# Performance',
    '',
    '`npm run bench` measures everything on this page and writes it; `npm run bench -- NAME` measures one part, `-- --json` prints JSON.',
    'Units, requests and bytes are counted from the requests that the functions send, and a test compares them with this page. Times',
    'depend on the machine: compare only their ratios.',
    '',
    '## Figures and goals',
    '',
    ...figureTable(figures),
    '',
    '## Missed goals',
    '',
    ...(missed.length === 0
      ? ['None.', '']
      : missed.flatMap(({ name, reason = '' }) => [`**${name}**. ${reason}`, ''])),
    '## Parts',
    '',
    ...Object.entries(parts).flatMap(([name, text]) => [
      `### ${name}`,
      '',
      ...(/^\| ---/m.test(text) ? [text.trimEnd()] : [`${fence}text`, text.trimEnd(), fence]),
      '',
    ]),
  ].join('\n');
}
