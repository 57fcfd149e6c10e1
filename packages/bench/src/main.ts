import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bundleFigure } from './bundles.ts';
import { costText, dollarFigures, unitFigures, unitsText } from './cost/report.ts';
import { measureSituations, type Measurements } from './cost/situations.ts';
import { type Figure, figureTable } from './figures.ts';
import { benchLog } from './log.ts';
import { performancePage, updatedPage } from './performance-page.ts';
import { benchProjections } from './projections.ts';
import { benchRules, measureRules, type RulesFigure } from './rules.ts';
import { benchSweep } from './sweep.ts';
import { benchWebhooks } from './webhooks.ts';

/** What a benchmark measured: figures with goals, and its text on the page by name. */
interface Measured {
  readonly figures: readonly Figure[];
  readonly parts: Readonly<Record<string, string>>;
}

const maxRulesRatio = 3;

const shortRuns = 5_000;

/** The benchmarks by name: `npm run bench -- rules`; `npm run bench -- projections 300` runs for 300 seconds. */
const benchmarks: Readonly<Record<string, (option?: number) => Promise<Measured>>> = {
  units: async () => unitsOf(await measureSituations()),
  cost: async () => costOf(await measureSituations()),
  rules: async (runs) => rulesOf(runs),
  bundles: async () => ({ figures: [bundleFigure()], parts: {} }),
  projections: async (seconds) => textOf('projections', await benchProjections(seconds)),
  log: async (minutes) => textOf('log', await benchLog(minutes)),
  sweep: async (option) => textOf('sweep', await benchSweep(option)),
  webhooks: async (count) => textOf('webhooks', await benchWebhooks(count)),
};

const textOf = (name: string, text: string): Measured => ({ figures: [], parts: { [name]: text } });

async function unitsOf(measurements: Measurements): Promise<Measured> {
  return { figures: unitFigures(measurements), parts: { units: await unitsText(measurements) } };
}

function costOf(measurements: Measurements): Measured {
  return { figures: dollarFigures(measurements), parts: { cost: costText(measurements) } };
}

function rulesOf(runs?: number): Measured {
  const figures = measureRules(runs);
  return { figures: [rulesFigure(figures)], parts: { rules: benchRules(runs, figures) } };
}

function rulesFigure(figures: readonly RulesFigure[]): Figure {
  return {
    name: '`decide`, 1,000 rules over 10: the slowest situation',
    goal: [maxRulesRatio],
    now: [Math.max(...figures.map(({ ratio }) => ratio))],
    command: 'npm run bench -- rules',
    reason: 'The ratio is of CPU times, so other load on the machine changes it. Measure again on an idle machine.',
  };
}

/** Measures all parts, each for a short time. */
async function measureAll(): Promise<Measured> {
  const measurements = await measureSituations();
  const all = [
    await unitsOf(measurements),
    costOf(measurements),
    rulesOf(shortRuns),
    await benchmark('bundles'),
    await benchmark('projections', 5),
    await benchmark('log', 1),
    await benchmark('webhooks', 50),
  ];
  return { figures: all.flatMap(({ figures }) => figures), parts: Object.assign({}, ...all.map(({ parts }) => parts)) };
}

async function benchmark(name: string, option?: number): Promise<Measured> {
  const measure = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
  if (measure === undefined) {
    throw new Error(
      `Unknown benchmark ${name}. The benchmarks are: ${Object.keys(benchmarks).join(', ')}. Example: npm run bench -- rules`,
    );
  }
  return measure(option);
}

const page = new URL('../../../docs/performance.md', import.meta.url);
const print = (text: string) => process.stdout.write(text);

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [name, option] = positionals;

try {
  const measured = await (name === undefined
    ? measureAll()
    : benchmark(name, option === undefined ? undefined : Number(option)));
  const { figures, parts } = measured;
  if (name === undefined) writeFileSync(page, performancePage(figures, parts));
  else if (values.write) writeFileSync(page, updatedPage(readFileSync(page, 'utf8'), figures, parts));
  if (values.json) print(`${JSON.stringify(measured, null, 2)}\n`);
  else if (name === undefined) print([...figureTable(figures), '', 'Written: docs/performance.md', ''].join('\n'));
  else
    print(Object.keys(parts).length === 0 ? `${figureTable(figures).join('\n')}\n` : Object.values(parts).join('\n'));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
