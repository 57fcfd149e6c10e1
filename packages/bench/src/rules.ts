import { defaultGuardRails, type RunCompleted } from '@dispatcher/contracts';
import { completedRun, readFile, readHead, readRepository } from '@dispatcher/contracts/testing';
import { type CompiledFile, compileFile, decide } from '@dispatcher/rules';

const ruleCount = 1000;
const runCount = 1000;

/**
 * Measures `decide` with 1,000 rules on each side and 1,000 runs, compared with parsing the same data as JSON: the run and
 * both files, once for each run. Times depend on the machine, so compare the ratios only.
 */
export function benchRules(): string {
  const rules = Array.from({ length: ruleCount }, (_, index) => index);
  const config = JSON.stringify({ outbound: rules.map(outboundRule) });
  const consent = JSON.stringify({ inbound: rules.map(inboundRule) });
  const runs = Array.from({ length: runCount }, (_, index) => createRun(index));
  const texts = runs.map((run) => JSON.stringify(run));

  const compiled = new Map<string, CompiledFile>();
  const cache = {
    get: (id: string) => compiled.get(id),
    set: (id: string, file: CompiledFile) => void compiled.set(id, file),
  };
  const snapshot = readRepository('octo/app', readFile('source', config), { id: 1 });
  const targets = { 'octo/deploy': readRepository('octo/deploy', readFile('target', consent)) };
  const decideAll = () => {
    let allowed = 0;
    for (const run of runs) {
      const source = { ...snapshot, heads: [readHead(run)] };
      const plan = decide({ run, lineage: { state: 'root' }, source, targets, guardRails: defaultGuardRails, cache });
      allowed += plan.decisions.filter(({ effect }) => effect === 'allow').length;
    }
    return allowed;
  };
  const parseAll = () =>
    texts.reduce((sum, text) => sum + [text, config, consent].map((part) => typeof JSON.parse(part)).length, 0);

  const compileMs = timed(() => compileFile(config));
  const parseOnceMs = timed(() => JSON.parse(config) as unknown);
  const allowed = decideAll();
  parseAll();
  const decideMs = timed(decideAll);
  const parseMs = timed(parseAll);
  return [
    `${ruleCount} outbound and ${ruleCount} inbound rules × ${runCount} runs, ${allowed} dispatches allowed`,
    `  decide       ${perSecond(decideMs, runCount)} runs/s, ${(decideMs / runCount).toFixed(3)} ms per run`,
    `  JSON.parse   ${perSecond(parseMs, runCount)} runs/s with both files, ${(parseMs / runCount).toFixed(3)} ms per run`,
    `  ratio        decide takes ${(decideMs / parseMs).toFixed(2)} × as long as parsing the same data`,
    `compiling ${Math.round(config.length / 1024)} KB once, without cache: ${compileMs.toFixed(1)} ms, ${(compileMs / parseOnceMs).toFixed(0)} × JSON.parse of it`,
    '',
  ].join('\n');
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function perSecond(ms: number, count: number): string {
  return Math.round((count * 1000) / ms).toLocaleString('en');
}

function outboundRule(index: number): object {
  return {
    source: { workflow: `build-${index}.yml`, branches: ['main', 'release/**'] },
    targets: [{ repository: 'deploy', workflow: `deploy-${index}.yml`, inputs: { sha: '${{ source.head_sha }}' } }],
  };
}

function inboundRule(index: number): object {
  return {
    source: { repository: 'octo/*', workflow: `build-${index}.yml`, branches: ['main', 'release/**'] },
    targets: [{ workflow: `deploy-${index}.yml`, inputs: ['sha'] }],
  };
}

function createRun(index: number): RunCompleted {
  const headBranch = index % 2 === 0 ? 'main' : `release/${index}/hotfix`;
  const repository = { id: 1, owner: 'octo', name: 'app', defaultBranch: 'main' };
  return completedRun(
    { id: 1000 + index, number: index, headBranch },
    { repository, workflow: `build-${index % ruleCount}.yml` },
  );
}
