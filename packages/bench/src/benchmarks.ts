import { bundleFigures } from './bundles.ts';
import { costText, dollarFigures, unitFigures, unitsText } from './cost/report.ts';
import { measureSituations, type Measurements } from './cost/situations.ts';
import { benchDashboard } from './dashboard.ts';
import type { Figure } from './figures.ts';
import { benchGraph } from './graph.ts';
import { benchGrowth } from './growth.ts';
import { measurePeers, peerFigures, peersText } from './ingress/peers.ts';
import { benchWebhooks } from './ingress/webhooks.ts';
import { benchLog } from './log.ts';
import { benchProjections } from './projections.ts';
import { benchRules, measureRules, type RulesFigure } from './rules.ts';
import { measureStarts, startFigure, startText } from './start.ts';
import { measureSuite, suiteFigure, suiteFigureName, suiteText } from './suite.ts';
import { benchSweep } from './sweep.ts';
import { measureTargets, targetsFigure } from './targets.ts';

/** What a benchmark measured: figures with goals, and its text on the page by name. */
export interface Measured {
  readonly figures: readonly Figure[];
  readonly parts: Readonly<Record<string, string>>;
}

const maxRulesRatio = 3;

/** The benchmarks by name: `npm run bench -- rules`; `npm run bench -- projections 300` runs for 300 seconds. */
const benchmarks: Readonly<Record<string, (option?: number) => Promise<Measured>>> = {
  units: async () => unitsOf(await measureSituations()),
  cost: async () => costOf(await measureSituations()),
  targets: async (count) => ({ figures: [targetsFigure(await measureTargets(count))], parts: {} }),
  rules: async (runs) => rulesOf(runs),
  bundles: async () => ({ figures: bundleFigures(), parts: {} }),
  ingress: async (count) => {
    const times = await measurePeers(count);
    return { figures: peerFigures(times), parts: { ingress: peersText(times) } };
  },
  start: async (count) => {
    const times = await measureStarts(count);
    return { figures: [startFigure(times)], parts: { start: startText(times) } };
  },
  projections: async (seconds) => textOf('projections', await benchProjections(seconds)),
  growth: async (facts) => textOf('growth', await benchGrowth(facts)),
  graph: async (repositories) => textOf('graph', await benchGraph(repositories)),
  log: async (minutes) => textOf(minutes === undefined ? 'log' : `log ${minutes}`, await benchLog(minutes)),
  sweep: async (option) => textOf('sweep', await benchSweep(option)),
  dashboard: async (facts) => textOf('dashboard', await benchDashboard(facts)),
  webhooks: async (count) => textOf('webhooks', await benchWebhooks(count)),
  suite: async () => {
    const times = measureSuite();
    return { figures: [suiteFigure(times)], parts: { suite: suiteText(times) } };
  },
};

/** What takes longer than all others together: `npm run bench` leaves it as it is on the page. */
export const keptByAll = { figures: [suiteFigureName], parts: ['log 60', 'suite'] } as const;

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
    before: [40],
    goal: [maxRulesRatio],
    now: [Math.max(...figures.map(({ ratio }) => ratio))],
    command: 'npm run bench -- rules',
    reason: 'The ratio is of CPU times, so other load on the machine changes it. Measure again on an idle machine.',
  };
}

/** The parts of `npm run bench` after the units and the cost, in the order of the page, with what shortens some of them. */
const parts: readonly (readonly [name: string, option?: number])[] = [
  ['targets'],
  ['rules'],
  ['bundles'],
  ['ingress'],
  ['start'],
  ['projections', 5],
  ['growth'],
  ['graph'],
  ['log'],
  ['sweep'],
  ['webhooks', 50],
  ['dashboard'],
];

/** Measures all parts but those that take longer than all others. @param report called with the name of each part */
export async function measureAll(report: (part: string) => void): Promise<Measured> {
  report('units and cost');
  const measurements = await measureSituations();
  const all = [await unitsOf(measurements), costOf(measurements)];
  for (const [name, option] of parts) {
    report(name);
    all.push(await benchmark(name, option));
  }
  return { figures: all.flatMap(({ figures }) => figures), parts: Object.assign({}, ...all.map((each) => each.parts)) };
}

/** Measures one part. @throws Error if there is none with this name */
export async function benchmark(name: string, option?: number): Promise<Measured> {
  const measure = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
  if (measure === undefined) {
    throw new Error(
      `Unknown benchmark ${name}. The benchmarks are: ${Object.keys(benchmarks).join(', ')}. Example: npm run bench -- rules`,
    );
  }
  return measure(option);
}
