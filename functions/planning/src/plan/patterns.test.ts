import {
  type Candidates,
  defaultGuardRails,
  Fact,
  foldName,
  noCandidates,
  type RepositorySnapshot,
  type RouteDecided,
  type RunPlanned,
  type TargetRequest,
} from '@dispatcher/contracts';
import { attempt } from '@dispatcher/lambda/testing';
import { createCompileCache } from '@dispatcher/rules';
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  createRepositoryIds,
  inbound,
  noCommitRuns,
  outbound,
  readNoPolicies,
  repository,
  run,
  withHead,
} from '../testing/fixtures.ts';
import { type PlanningDependencies, planRun } from './plan-run.ts';

// octo-org/app starts cd.yml in every repository that allows it.
const pattern = outbound.replace('repository: deploy', "repository: '*'");
const names = Array.from({ length: 1_000 }, (_, n) => `service-${String(n).padStart(4, '0')}`);

let candidates: Candidates;
/** The files that differ from those of the others. */
let files: Map<string, string>;
let source: RepositorySnapshot;
let indexReads: string[];
let requested: TargetRequest[][];
let published: Fact[];
let measured: string[];

beforeEach(() => {
  candidates = listed(names);
  files = new Map();
  source = repository('app', 11, pattern);
  indexReads = [];
  requested = [];
  published = [];
  measured = [];
});

const idOf = (name: string) => 101 + names.indexOf(name);
const listed = (names: readonly string[]): Candidates => ({
  listedAt: '2026-01-02T03:03:00.000Z',
  isComplete: true,
  repositories: names.map((name) => ({ repositoryId: idOf(name), name, workflows: ['cd.yml'] })),
});

function dependencies(change: Partial<PlanningDependencies> = {}): PlanningDependencies {
  return {
    reader: {
      readSource: async ({ head }) => withHead(source, head),
      readPolicies: readNoPolicies,
      readTargets: async (_, requests) => {
        requested.push([...requests]);
        return Object.fromEntries(
          requests.map(({ owner, name }) => [
            foldName(`${owner}/${name}`),
            repository(name, idOf(name), files.get(name) ?? inbound),
          ]),
        );
      },
    },
    ...noCommitRuns,
    candidates: {
      getCandidates: async ({ id, owner }) => {
        indexReads.push(`${owner} ${id}`);
        return candidates;
      },
    },
    guardRails: { ...defaultGuardRails, allowPatterns: true },
    cache: createCompileCache(),
    once: async (_, work) => work(),
    revisions: { setCurrent: async () => {} },
    rateLimits: { holdOf: async () => ({ rateLimitedUntil: null, outage: null }) },
    planProblems: { begin: async () => {}, isOpen: async () => false },
    files: { put: async () => {} },
    startedBy: async () => null,
    isBeingStarted: async () => false,
    jobCount: async () => 3,
    maxLineageDelayMs: 150_000,
    permissionsOf: async () => ({}),
    findRequester: () => Promise.reject(new Error('A run needs no API key.')),
    giveUpAfterMs: 21_600_000,
    withdrawals: { put: async () => {} },
    decisionMaxAgeMs: 300_000,
    waitToParse: async () => {},
    deferDuringOutage: () => Promise.reject(new Error('GitHub is reachable.')),
    appSlug: 'dispatcher',
    observer: { observeOfPlan: async () => {} },
    repositoryIds: createRepositoryIds(),
    bus: { publish: async (facts) => void published.push(...facts.map((fact) => Fact.parse(fact))) },
    meter: {
      count: (name, _, by) => void (name === 'TargetsOfPatternsPercent' && measured.push(String(by))),
      milliseconds: () => {},
    },
    now: () => Date.parse('2026-01-02T03:04:10.000Z'),
    ...change,
  };
}

const planned = () => published.find((fact): fact is RunPlanned => fact.type === 'run.planned')?.data;
const codes = () =>
  published.filter((fact): fact is RouteDecided => fact.type === 'route.decided').map(({ data }) => data.decision.code);

describe('a run of a source that starts every repository that allows it', () => {
  test('with 1,000 candidates reads the index once and only the targets that it may start', async () => {
    await planRun(dependencies(), run(), attempt);
    expect(indexReads).toEqual(['octo-org 11']);
    expect(requested.map((requests) => requests.map(({ name }) => name))).toEqual([names.slice(0, 25)]);
    expect(planned()).toMatchObject({ outcome: 'planned', allowed: 25, denied: 975 });
    expect(codes().filter((code) => code === 'too-many-targets')).toHaveLength(975);
    expect(measured).toEqual(['4000']);
  });

  test('whose index is stale by one repository starts the others, and not the one that has left', async () => {
    candidates = listed(names.slice(0, 3));
    files.set('service-0001', 'inbound: []\n');
    await planRun(dependencies(), run(), attempt);
    expect(codes()).toEqual(['allowed', 'inbound-no-match', 'allowed']);
    expect(measured).toEqual(['12']);
  });

  test('whose index does not list anybody yet starts nothing, and says so', async () => {
    candidates = noCandidates;
    await planRun(dependencies(), run(), attempt);
    expect(planned()).toMatchObject({ outcome: 'no-match', allowed: 0 });
    expect(requested).toEqual([]);
  });

  test('is planned again if the index cannot be read', async () => {
    const broken = { getCandidates: () => Promise.reject(new Error('The table is not available.')) };
    await expect(planRun(dependencies({ candidates: broken }), run(), attempt)).rejects.toThrow('not available');
    expect(published).toEqual([]);
  });

  test.each([
    ['ALLOW_PATTERNS is not set', pattern, { guardRails: defaultGuardRails }],
    ['the file names its targets', outbound.replace('deploy', 'service-0000'), {}],
    ['the rule is for another workflow', pattern.replace('ci.yml', 'qa.yml'), {}],
  ])('does not read the index where %s', async (_, file, change) => {
    source = repository('app', 11, file);
    await planRun(dependencies(change), run(), attempt);
    expect(indexReads).toEqual([]);
    expect(measured.length).toBe(file === pattern ? 1 : 0);
  });
});
