import { defaultGuardRails, type FileReading, type ReadRepository, type RunCompleted } from '@dispatcher/contracts';
import { type CompiledFile, compileFile, decide } from '@dispatcher/rules';

const ruleCount = 1000;
const runCount = 1000;

/**
 * 1,000 rules on each side × 1,000 runs through `decide`, beside parsing the same data as JSON: the run and both files
 * once for each run. Times depend on the machine; the ratios of one process are what can be compared.
 */
export function benchRules(): string {
  const rules = Array.from({ length: ruleCount }, (_, index) => index);
  const config = JSON.stringify({ outbound: rules.map(outboundRule) });
  const consent = JSON.stringify({ inbound: rules.map(inboundRule) });
  const runs = Array.from({ length: runCount }, (_, index) => aRun(index));
  const texts = runs.map((run) => JSON.stringify(run));

  const compiled = new Map<string, CompiledFile>();
  const cache = {
    get: (id: string) => compiled.get(id),
    set: (id: string, file: CompiledFile) => void compiled.set(id, file),
  };
  const source = aRepository('app', 1, 'source', config);
  const targets = { 'octo/deploy': aRepository('deploy', 2, 'target', consent) };
  const decideAll = () => {
    let allowed = 0;
    for (const run of runs) {
      const plan = decide({ run, lineage: { state: 'root' }, source, targets, guardRails: defaultGuardRails, cache });
      allowed += plan.decisions.filter(({ effect }) => effect === 'allow').length;
    }
    return allowed;
  };
  const parseAll = () =>
    texts.reduce((sum, text) => sum + [text, config, consent].map((part) => typeof JSON.parse(part)).length, 0);

  const compile = timed(() => compileFile(config));
  const parseOnce = timed(() => JSON.parse(config) as unknown);
  const allowed = decideAll();
  parseAll();
  const deciding = timed(decideAll);
  const parsing = timed(parseAll);
  return [
    `${ruleCount} outbound and ${ruleCount} inbound rules × ${runCount} runs, ${allowed} dispatches allowed`,
    `  decide       ${perSecond(deciding, runCount)} runs/s, ${(deciding / runCount).toFixed(3)} ms a run`,
    `  JSON.parse   ${perSecond(parsing, runCount)} runs/s with both files, ${(parsing / runCount).toFixed(3)} ms a run`,
    `  ratio        decide takes ${(deciding / parsing).toFixed(2)} × the time of parsing the same data`,
    `compiling ${Math.round(config.length / 1024)} KB once, without cache: ${compile.toFixed(1)} ms, ${(compile / parseOnce).toFixed(0)} × JSON.parse of it`,
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

function aRun(index: number): RunCompleted {
  return {
    type: 'run.completed',
    version: 1,
    deliveryId: `delivery-${index}`,
    receivedAt: '2026-01-31T12:00:00.000Z',
    installationId: 7,
    repository: { id: 1, owner: 'octo', name: 'app', defaultBranch: 'main' },
    workflow: `build-${index % ruleCount}.yml`,
    run: {
      id: 1000 + index,
      number: index,
      attempt: 1,
      event: 'push',
      conclusion: 'success',
      headBranch: index % 2 === 0 ? 'main' : `release/${index}/hotfix`,
      headSha: 'a'.repeat(40),
      headRepositoryId: 1,
      htmlUrl: `https://github.com/octo/app/actions/runs/${1000 + index}`,
      startedAt: null,
      updatedAt: '2026-01-31T11:59:00.000Z',
      actor: 'mona',
    },
  };
}

function aRepository(name: string, id: number, blobId: string, text: string): ReadRepository {
  const file: FileReading = { state: 'read', blobId, byteSize: text.length, isBinary: false, isTruncated: false, text };
  return {
    state: 'read',
    id,
    owner: 'octo',
    name,
    isArchived: false,
    isDisabled: false,
    isLocked: false,
    visibility: 'private',
    defaultBranch: { name: 'main', sha: 'b'.repeat(40) },
    files: { 'dispatching.yml': file, '.github/dispatching.yml': { state: 'absent' } },
    workflows: {},
    refs: {},
    installationId: 7,
  };
}
