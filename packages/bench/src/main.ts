import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bundleFigure } from './bundles.ts';
import { benchCost, benchUnits, costText, dollarFigures, unitFigures, unitsText } from './cost/report.ts';
import { measureSituations } from './cost/situations.ts';
import { type Figure, figureTable } from './figures.ts';
import { benchLog } from './log.ts';
import { performancePage } from './performance-page.ts';
import { benchProjections } from './projections.ts';
import { benchRules, measureRules, type RulesFigure } from './rules.ts';
import { benchSweep } from './sweep.ts';
import { benchWebhooks } from './webhooks.ts';

/** The benchmarks by name: `npm run bench -- rules`; `npm run bench -- projections 300` runs for 300 seconds. */
const benchmarks: Readonly<Record<string, (option?: number) => string | Promise<string>>> = {
  units: benchUnits,
  cost: benchCost,
  rules: (runs) => benchRules(runs),
  projections: benchProjections,
  log: benchLog,
  sweep: benchSweep,
  webhooks: benchWebhooks,
};

const maxRulesRatio = 3;

const shortRuns = 5_000;

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
async function measureAll(): Promise<{ readonly figures: Figure[]; readonly parts: Record<string, string> }> {
  const measurements = await measureSituations();
  const rules = measureRules(shortRuns);
  return {
    figures: [...unitFigures(measurements), ...dollarFigures(measurements), rulesFigure(rules), bundleFigure()],
    parts: {
      units: await unitsText(measurements),
      cost: costText(measurements),
      rules: benchRules(shortRuns, rules),
      projections: await benchProjections(5),
      log: await benchLog(1),
      webhooks: await benchWebhooks(50),
    },
  };
}

const page = new URL('../../../docs/performance.md', import.meta.url);
const print = (text: string) => process.stdout.write(text);

async function runAll(asJson: boolean): Promise<void> {
  const { figures, parts } = await measureAll();
  writeFileSync(page, performancePage(figures, parts));
  const table = [...figureTable(figures), '', 'Written: docs/performance.md', ''].join('\n');
  print(asJson ? `${JSON.stringify({ figures, parts }, null, 2)}\n` : table);
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [name, option] = positionals;
const benchmark = name !== undefined && Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (name === undefined) {
  await runAll(values.json);
} else if (benchmark === undefined) {
  process.stderr.write(
    `Unknown benchmark. The benchmarks are: ${Object.keys(benchmarks).join(', ')}. Example: npm run bench -- rules\n`,
  );
  process.exitCode = 2;
} else {
  const text = await benchmark(...(option === undefined ? [] : [Number(option)]));
  print(values.json ? `${JSON.stringify({ [name]: text }, null, 2)}\n` : text);
}
