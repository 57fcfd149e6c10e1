import {
  type DispatchRequested,
  type HeadSnapshot,
  type Plan,
  type RequestedDispatch,
  type RequesterKind,
  requesterKinds,
  type RunTrigger,
} from '@dispatcher/contracts';
import { readFile, readHead, readRepository } from '@dispatcher/contracts/testing';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { CompileCache } from '../compile/compile-snapshot.ts';
import type { DispatchingFile, Enabled } from '../compile/compiled-file.ts';
import { indexRules } from '../compile/rule-index.ts';
import { cacheOf, selectEveryRule } from '../testing/plain-matching.ts';
import { aRequest } from '../testing/request-scenario.ts';
import { aJob, aRun, noGuardRails, root } from '../testing/run-scenario.ts';
import { maxUnmatched } from './build-plan.ts';
import { decide, decideRequest } from './decide.ts';
import { targetsToRead } from './targets-to-read.ts';

// Few names, so that rules often match; some differ in case only, and some are the beginning of another.
const pick = <Value>(...values: Value[]) => fc.constantFrom(...values);
/** Picks the first value as often as all others together, so that what must agree often does. */
const often = <Value>(first: Value, ...others: Value[]) => fc.oneof(fc.constant(first), pick(...others));
const workflow = often('ci.yml', 'CI.yml', 'build.yml', 'nightly.yml', 'constructor.yml');
const started = often('cd.yml', 'qa.yml', 'CD.yml', 'constructor.yml');
const eventType = pick('deploy', 'Deploy', 'cd.yml', '__proto__');
const keyName = often('nightly', 'Nightly', 'app', 'constructor');
const conditions = {
  branches: pick(['main'], ['**'], ['release/**', 'main'], ['**', '!main'], ['rel*'], ['feature']),
  tags: pick(['v*'], ['main'], ['**', '!v1']),
  events: pick(['push'], ['push', 'schedule'], ['release', 'pull_request']),
  conclusions: pick(['success'], ['success', 'failure'], ['failure']),
  attempts: pick([1], [2], [1, 2]),
};
const { conclusions: _, ...withoutConclusions } = conditions;
const jobConditions = { ...withoutConclusions, environments: pick(['production'], ['staging', 'production']) };
const outboundTarget = fc.record(
  {
    repository: pick('deploy', 'deploy', 'Octo/DEPLOY', 'other'),
    workflow: started,
    id: pick('a', 'b'),
    enabled: often<Enabled>(true, false, 'dry-run'),
  },
  { requiredKeys: ['repository', 'workflow'] },
);
type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>;
/** Generates what names a source with conditions: a third has none, a third has one, so that both sides often accept a run. */
function sourceWith(named: Fields, conditionsOfKind: Fields) {
  const requiredKeys = Object.keys(named);
  const one = fc.constantFrom(...Object.keys(conditionsOfKind)).chain((name) => {
    const condition = conditionsOfKind[name];
    return fc.record({ ...named, ...(condition === undefined ? {} : { [name]: condition }) });
  });
  return fc.oneof(fc.record(named), one, fc.record({ ...named, ...conditionsOfKind }, { requiredKeys }));
}
const outboundRule = fc.record({
  source: fc.oneof(
    { weight: 5, arbitrary: sourceWith({ workflow }, conditions) },
    { weight: 1, arbitrary: sourceWith({ job: workflow }, jobConditions) },
  ),
  targets: fc.array(outboundTarget, { minLength: 1, maxLength: 3 }),
});
const repository = pick(
  'app',
  'APP',
  'octo/app',
  'OCTO/a*',
  '*',
  'octo/*',
  'a*',
  'mallory/app',
  'mallory/*',
  'mallory/ap',
  'ap',
);
const runSource = sourceWith({ repository, workflow }, conditions);
const jobSource = sourceWith({ repository, job: workflow }, jobConditions);
const requesterKind = pick<RequesterKind>('key', ...requesterKinds);
const namedSource = fc.tuple(requesterKind, keyName).map(([kind, name]) => ({ [kind]: name }));
const runTarget = fc.record({ workflow: started, refs: pick(['*'], ['v*']) }, { requiredKeys: ['workflow'] });
const keyTarget = fc.oneof(fc.record({ workflow: started }), fc.record({ 'event-type': eventType }));
const targetsOf = <Target>(target: fc.Arbitrary<Target>) => fc.array(target, { minLength: 1, maxLength: 3 });
const namedRule = fc.record({ source: namedSource, targets: targetsOf(keyTarget) });
const inboundRule = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      { source: runSource, targets: targetsOf(runTarget), enabled: often<Enabled>(true, false, 'dry-run') },
      { requiredKeys: ['source', 'targets'] },
    ),
  },
  { weight: 1, arbitrary: fc.record({ source: jobSource, targets: targetsOf(runTarget) }) },
  { weight: 1, arbitrary: namedRule },
);
/** Generates short lists, in which few rules match, and long ones, with more rules than a plan stores. */
const rulesOf = <Rule>(rule: fc.Arbitrary<Rule>) =>
  fc.oneof(
    fc.array(rule, { maxLength: 6, size: 'max' }),
    fc.array(rule, { minLength: maxUnmatched, maxLength: 2 * maxUnmatched, size: 'max' }),
  );

const completed = fc
  .record({
    headBranch: often<string | null>('main', 'release/1', 'v1', 'feature', null),
    event: often('push', 'schedule', 'release', 'pull_request', 'merge_group'),
    conclusion: pick('success', 'success', 'success', 'success', 'failure', null),
    attempt: pick(1, 1, 1, 2),
    owner: pick('octo', 'octo', 'octo', 'Octo', 'mallory'),
    name: pick('app', 'app', 'app', 'App', 'ap', 'x'),
    workflow,
  })
  .map(({ owner, name, workflow, ...changes }) =>
    aRun(changes, { workflow, repository: { id: 1, owner, name, defaultBranch: 'main' } }),
  );
const job = fc
  .record({
    run: completed,
    refType: pick<'branch' | 'tag' | null>('branch', 'branch', 'tag', null),
    environment: pick('production', 'staging', null),
    requested: started,
  })
  .map(({ run: { run, repository, workflow }, refType, environment, requested }) =>
    aJob(
      { ...run, conclusion: null, refType },
      {
        repository,
        workflow,
        job: { checkRunId: null, environment },
        request: { repository: 'octo/deploy', workflow: requested, id: null, inputs: {} },
      },
    ),
  );
const run: fc.Arbitrary<RunTrigger> = fc.oneof<fc.WeightedArbitrary<RunTrigger>[]>(
  { weight: 3, arbitrary: completed },
  { weight: 1, arbitrary: job },
);
const identicalBranch = { state: 'read', sha: 'a'.repeat(40), comparison: 'identical' } as const;
const absent = { state: 'absent' } as const;
const head = fc.record({
  branch: often<HeadSnapshot['branch']>(identicalBranch, absent),
  tag: often<HeadSnapshot['tag']>(absent, { state: 'read', sha: 'a'.repeat(40) }),
});
const request = fc.oneof(
  started.map(
    (workflow): RequestedDispatch => ({
      kind: 'workflow',
      repository: 'octo/deploy',
      workflow,
      ref: null,
      inputs: {},
    }),
  ),
  eventType.map(
    (eventType): RequestedDispatch => ({
      kind: 'event',
      repository: 'octo/deploy',
      eventType,
      clientPayload: null,
    }),
  ),
);

const requests = fc.array(fc.tuple(requesterKind, keyName, request), {
  minLength: 1,
  maxLength: 20,
  size: 'max',
});

type Caches = Record<'indexed' | 'plain', CompileCache>;

function cachesOf(outbound: readonly unknown[], inbound: readonly unknown[]): Caches {
  const texts = { source: JSON.stringify({ outbound }), target: JSON.stringify({ inbound }) };
  return {
    indexed: cacheOf(texts),
    plain: cacheOf(texts, (file) => ({ ...file, index: selectEveryRule(file) })),
  };
}

const deploy = readRepository('octo/deploy', readFile('target', ''), { id: 2, visibility: 'public' });
const sourceOf = ({ repository: { owner, name } }: RunTrigger, heads: Parameters<typeof readHead>[1]) => ({
  source: readRepository(`${owner}/${name}`, readFile('source', ''), { id: 1 }),
  heads,
});

function planRun(run: RunTrigger, heads: Parameters<typeof readHead>[1], cache: CompileCache): Plan {
  const { source } = sourceOf(run, heads);
  const guardRails = { ...noGuardRails, maxTargetsPerRun: 20 };
  return decide({
    run,
    lineage: root,
    source: { ...source, heads: [readHead(run, heads)] },
    targets: { 'octo/deploy': deploy, 'mallory/deploy': deploy },
    guardRails,
    cache,
  });
}

function planRequest(request: DispatchRequested, cache: CompileCache): Plan {
  const permissions = { contents: 'write' } as const;
  return decideRequest({ request, targets: { 'octo/deploy': deploy }, permissions, guardRails: noGuardRails, cache });
}

const seen = { plans: 0, allowing: 0, matching: 0, cut: 0, codes: new Set<string>() };

function record({ decisions, unmatched }: Plan): void {
  seen.plans += 1;
  if (decisions.length > 0) seen.matching += 1;
  if (decisions.some(({ effect }) => effect === 'allow')) seen.allowing += 1;
  if (unmatched.length === maxUnmatched) seen.cut += 1;
  for (const { code } of decisions) seen.codes.add(code);
}

describe('matching by the index of the compiled file has the same result as evaluating every rule', () => {
  test('for any files and runs: the plan, and the targets to read', () => {
    fc.assert(
      fc.property(
        rulesOf(outboundRule),
        rulesOf(inboundRule),
        fc.array(fc.tuple(run, head), { minLength: 1, maxLength: 20, size: 'max' }),
        (outbound, inbound, runs) => {
          const { indexed, plain } = cachesOf(outbound, inbound);
          for (const [run, heads] of runs) {
            const plan = planRun(run, heads, indexed);
            record(plan);
            expect(JSON.stringify(plan)).toBe(JSON.stringify(planRun(run, heads, plain)));
            const { source } = sourceOf(run, heads);
            const read = (cache: CompileCache) => targetsToRead(run, source, noGuardRails, cache);
            expect(read(indexed)).toEqual(read(plain));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('for any files and requests of API keys, schedules and webhooks', () => {
    fc.assert(
      fc.property(rulesOf(fc.oneof(namedRule, inboundRule)), requests, (inbound, requests) => {
        const { indexed, plain } = cachesOf([], inbound);
        for (const [kind, name, requested] of requests) {
          const requestOfKey = aRequest({ request: requested, kind, key: { name } });
          const plan = planRequest(requestOfKey, indexed);
          record(plan);
          expect(JSON.stringify(plan)).toBe(JSON.stringify(planRequest(requestOfKey, plain)));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the random files and runs cover decisions, denials and more rules than a plan stores', () => {
    const { plans, matching, allowing, cut, codes } = seen;
    const share = (count: number) => `${Math.round((100 * count) / plans)} %`;
    process.stdout.write(
      `rule index: ${plans} plans; ${share(matching)} have decisions, ${share(allowing)} allow something, ${share(cut)} leave rules out\n`,
    );
    expect(Math.min(allowing, cut) / plans).toBeGreaterThan(0.1);
    expect(codes).toContain('inbound-no-match');
    expect(codes.size).toBeGreaterThan(5);
  });
});

/** Counts the rules that `decide` reads: those that it evaluates, and those whose conditions it compares. */
function counting(text: { source: string; target: string }) {
  const read = { outbound: new Set<number>(), conditions: new Set<number>(), inbound: new Set<number>() };
  const observed = <Rule extends object>(rule: Rule, on: (key: string | symbol) => void): Rule =>
    new Proxy(rule, {
      get(rule, key, receiver) {
        on(key);
        return Reflect.get(rule, key, receiver) as unknown;
      },
    });
  const cache = cacheOf(text, (file: DispatchingFile) => {
    const outbound = file.outbound.map((rule, index) =>
      observed(rule, (key) => (key === 'source' ? read.conditions : read.outbound).add(index)),
    );
    const inbound = file.inbound.map((rule, index) => observed(rule, () => read.inbound.add(index)));
    return { outbound, inbound, index: indexRules(outbound, inbound) };
  });
  return {
    cache,
    /** Returns the numbers of rules that `work` reads. */
    during: (work: () => void) => {
      for (const positions of Object.values(read)) positions.clear();
      work();
      return Object.fromEntries(Object.entries(read).map(([name, positions]) => [name, positions.size]));
    },
  };
}

function filesOf(count: number, { branchesOf = ['main'], repositoryOf = 'app' as string | ((n: number) => string) }) {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const outbound = numbers.map((n) => ({
    source: { workflow: `build-${n}.yml`, branches: branchesOf },
    targets: [{ repository: 'deploy', workflow: `deploy-${n}.yml` }],
  }));
  const inbound = numbers.map((n) => ({
    source: {
      repository: typeof repositoryOf === 'string' ? repositoryOf : repositoryOf(n),
      workflow: `build-${n}.yml`,
      branches: branchesOf,
    },
    targets: [{ workflow: `deploy-${n}.yml` }],
  }));
  return { source: JSON.stringify({ outbound }), target: JSON.stringify({ inbound }) };
}

const identical = {
  branch: { state: 'read', sha: 'a'.repeat(40), comparison: 'identical' },
  tag: { state: 'absent' },
} as const;

describe('with 1,000 rules in each file, a run evaluates', () => {
  const runOf = (workflow: string, headBranch = 'main') => aRun({ headBranch }, { workflow });

  test('the outbound rule that matches, the 50 closest others, and the inbound rule that accepts it', () => {
    const { cache, during } = counting(filesOf(1000, {}));
    const counts = during(() => {
      const { decisions, unmatched } = planRun(runOf('build-700.yml'), identical, cache);
      expect(decisions).toMatchObject([{ effect: 'allow' }]);
      expect(unmatched).toHaveLength(maxUnmatched);
    });
    expect(counts).toEqual({ outbound: 51, conditions: 51, inbound: 1 });
  });

  test('the 50 closest outbound rules if none has the workflow or the branch', () => {
    const { cache, during } = counting(filesOf(1000, {}));
    for (const run of [runOf('test.yml'), runOf('build-700.yml', 'feature')]) {
      const counts = during(() => expect(planRun(run, identical, cache).code).toBe('no-match'));
      expect(counts['outbound']).toBe(50);
      expect(counts['conditions']).toBeLessThanOrEqual(51);
    }
  });

  test('at most nine inbound rules if none names the source', () => {
    for (const repositoryOf of ['other', 'mallory/*', (n: number) => `team-${n}`]) {
      const { cache, during } = counting(filesOf(1000, { repositoryOf }));
      const counts = during(() => {
        const { decisions } = planRun(runOf('build-700.yml'), identical, cache);
        expect(decisions).toMatchObject([{ code: 'inbound-no-match', closest: { rule: 'inbound[700].targets[0]' } }]);
      });
      expect(counts['inbound']).toBeLessThanOrEqual(9);
    }
  });
});
