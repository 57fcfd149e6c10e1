import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchmark, keptByAll, measureAll } from './benchmarks.ts';
import { figureTable } from './figures.ts';
import { performancePage, updatedPage } from './performance-page.ts';

const page = new URL('../../../docs/performance.md', import.meta.url);
const print = (text: string) => process.stdout.write(text);

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [name, option] = positionals;

try {
  const measured = await (name === undefined
    ? measureAll((part) => process.stderr.write(`${part} …\n`))
    : benchmark(name, option === undefined ? undefined : Number(option)));
  const { figures, parts } = measured;
  if (values.write) {
    const before = existsSync(page) ? readFileSync(page, 'utf8') : performancePage([], {});
    writeFileSync(
      page,
      name === undefined
        ? performancePage(figures, parts, { page: before, ...keptByAll })
        : updatedPage(before, figures, parts),
    );
  }
  if (values.json) print(`${JSON.stringify(measured, null, 2)}\n`);
  else if (name === undefined || Object.keys(parts).length === 0) print(`${figureTable(figures).join('\n')}\n`);
  else print(Object.values(parts).join('\n'));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
