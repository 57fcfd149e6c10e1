import { defaultGuardRails, type Plan, type RunCompleted } from '@dispatcher/contracts';
import { completedRun, readFile, readHead, readRepository } from '@dispatcher/contracts/testing';
import { type CompileCache, type CompiledFile, compileFile, decide } from '@dispatcher/rules';

const fewRules = 10;
const manyRules = 1000;
const defaultRuns = 10_000;

/** A kind of file and of runs. `branches` returns the accepted branches of a rule, `run` the n-th run. */
interface RuleSituation {
  readonly name: string;
  readonly branches: (rule: number) => readonly string[];
  readonly sourceOf: (rule: number) => string;
  readonly run: (run: number, rules: number) => { readonly workflow: string; readonly headBranch: string };
}

const sameBranches = () => ['main', 'release/**'];
const ownBranches = (rule: number) => [`team-${rule}`, `team-${rule}/**`];
const workflowOf = (run: number, rules: number) => `build-${run % rules}.yml`;
const headOf = (run: number) => (run % 2 === 0 ? 'main' : `release/${run}/hotfix`);

const situations: readonly RuleSituation[] = [
  {
    name: 'one rule accepts the run',
    branches: sameBranches,
    sourceOf: () => 'octo/*',
    run: (run, rules) => ({ workflow: workflowOf(run, rules), headBranch: headOf(run) }),
  },
  {
    name: 'one rule accepts the run; other sources',
    branches: sameBranches,
    sourceOf: (rule) => (rule === 0 ? 'app' : `team-${rule}/app`),
    run: (run) => ({ workflow: 'build-0.yml', headBranch: headOf(run) }),
  },
  {
    name: 'one rule accepts the run; own branches',
    branches: ownBranches,
    sourceOf: () => 'octo/*',
    run: (run, rules) => ({ workflow: workflowOf(run, rules), headBranch: `team-${run % rules}/fix` }),
  },
  {
    name: 'no inbound rule names the source',
    branches: sameBranches,
    sourceOf: (rule) => `team-${rule}/app`,
    run: (run, rules) => ({ workflow: workflowOf(run, rules), headBranch: headOf(run) }),
  },
  {
    name: 'no outbound rule has the workflow',
    branches: sameBranches,
    sourceOf: () => 'octo/*',
    run: (run) => ({ workflow: 'test.yml', headBranch: headOf(run) }),
  },
  {
    name: 'no outbound rule has the branch',
    branches: sameBranches,
    sourceOf: () => 'octo/*',
    run: (run, rules) => ({ workflow: workflowOf(run, rules), headBranch: `feature/${run}` }),
  },
];

/** CPU time of `decide` for one run, in microseconds, with few and with many rules in each of the two files. */
export interface RulesFigure {
  readonly name: string;
  readonly fewRulesUs: number;
  readonly manyRulesUs: number;
  readonly ratio: number;
  /** Of the runs with many rules: how many are dispatched. */
  readonly allowed: number;
}

/** Measures `decide` with 10 and with 1,000 rules in each file, from compiled files. */
export function measureRules(runCount = defaultRuns): RulesFigure[] {
  return situations.map((situation) => {
    const few = measure(situation, fewRules, runCount);
    const many = measure(situation, manyRules, runCount);
    return {
      name: situation.name,
      fewRulesUs: few.us,
      manyRulesUs: many.us,
      ratio: many.us / few.us,
      allowed: many.allowed,
    };
  });
}

/**
 * Measures what `decide` costs with 1,000 rules in each file over what it costs with 10, and what compiling costs over
 * parsing the same file as JSON. Times depend on the machine, so compare the ratios only.
 */
export function benchRules(runCount = defaultRuns, figures: readonly RulesFigure[] = measureRules(runCount)): string {
  const config = outboundFile(situations[0] as RuleSituation, manyRules);
  const compileMs = cpuMsOf(() => compileFile(config));
  const parseMs = cpuMsOf(() => JSON.parse(config) as unknown);
  const runs = runCount.toLocaleString('en');
  return [
    `decide, ${runs} runs, files at hand compiled: CPU time of one run with ${fewRules} and with ${manyRules} rules in each file`,
    `  ${'situation'.padEnd(40)}${['10', '1,000', 'ratio', 'dispatched'].map((head) => head.padStart(12)).join('')}`,
    ...figures.map(({ name, fewRulesUs, manyRulesUs, ratio, allowed }) =>
      [
        `  ${name.padEnd(40)}`,
        `${fewRulesUs.toFixed(1)} µs`.padStart(12),
        `${manyRulesUs.toFixed(1)} µs`.padStart(12),
        `${ratio.toFixed(2)} ×`.padStart(12),
        allowed.toLocaleString('en').padStart(12),
      ].join(''),
    ),
    `compiling ${Math.round(config.length / 1024)} KB once, without cache: ${compileMs.toFixed(1)} ms, ${(compileMs / parseMs).toFixed(0)} × JSON.parse of it`,
    '',
  ].join('\n');
}

function measure(situation: RuleSituation, rules: number, runCount: number): { us: number; allowed: number } {
  const cache = createCache();
  const source = readRepository('octo/app', readFile('source', outboundFile(situation, rules)), { id: 1 });
  const targets = { 'octo/deploy': readRepository('octo/deploy', readFile('target', inboundFile(situation, rules))) };
  const runs = Array.from({ length: runCount }, (_, index) => createRun(index, situation.run(index, rules)));
  const heads = runs.map((run) => [readHead(run)]);
  const plan = (run: RunCompleted, index: number): Plan => {
    const input = { run, lineage: { state: 'root' }, targets, guardRails: defaultGuardRails, cache } as const;
    return decide({ ...input, source: { ...source, heads: heads[index] ?? [] } });
  };
  const decideAll = () => {
    let allowed = 0;
    for (const [index, run] of runs.entries()) {
      for (const { effect } of plan(run, index).decisions) if (effect === 'allow') allowed += 1;
    }
    return allowed;
  };
  // Compiles the files, and lets V8 optimize.
  for (const [index, run] of runs.slice(0, 1000).entries()) plan(run, index);
  let allowed = 0;
  const ms = cpuMsOf(() => (allowed = decideAll()));
  return { us: (ms * 1000) / runCount, allowed };
}

function cpuMsOf(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function createCache(): CompileCache {
  const compiled = new Map<string, CompiledFile>();
  return { get: (id) => compiled.get(id), set: (id, file) => void compiled.set(id, file) };
}

function rulesOf(count: number, rule: (index: number) => object): object[] {
  return Array.from({ length: count }, (_, index) => rule(index));
}

function outboundFile({ branches }: RuleSituation, count: number): string {
  const outbound = rulesOf(count, (index) => ({
    source: { workflow: `build-${index}.yml`, branches: branches(index) },
    targets: [{ repository: 'deploy', workflow: `deploy-${index}.yml`, inputs: { sha: '${{ source.head_sha }}' } }],
  }));
  return JSON.stringify({ outbound });
}

function inboundFile({ branches, sourceOf }: RuleSituation, count: number): string {
  const inbound = rulesOf(count, (index) => ({
    source: { repository: sourceOf(index), workflow: `build-${index}.yml`, branches: branches(index) },
    targets: [{ workflow: `deploy-${index}.yml`, inputs: ['sha'] }],
  }));
  return JSON.stringify({ inbound });
}

function createRun(index: number, { workflow, headBranch }: ReturnType<RuleSituation['run']>): RunCompleted {
  const repository = { id: 1, owner: 'octo', name: 'app', defaultBranch: 'main' };
  return completedRun({ id: 1000 + index, number: index, headBranch }, { repository, workflow });
}
