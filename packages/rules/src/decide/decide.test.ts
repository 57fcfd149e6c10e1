import { dispatchId, Plan, runKey } from '@dispatcher/contracts';
import { describe, expect, test } from '@jest/globals';
import { checkNames, checkTable } from '../checks/checks.ts';
import { dependsOnUnknown } from './decide.ts';
import { compileSnapshot, type CompileCache } from '../compile/compile-snapshot.ts';
import type { CompiledFile } from '../compile/compiled-file.ts';
import { aFile, aRepository, aRun, decisionIn, inbound, outbound, planIn } from '../testing/run-scenario.ts';

describe('a plan', () => {
  test('matches its schema, with and without decisions', () => {
    for (const plan of [
      planIn(),
      planIn({ source: 'outbound: 3' }),
      planIn({ target: { state: 'absent' } }),
      planIn({ run: aRun({ headRepositoryId: null }) }),
    ]) {
      expect(Plan.parse(plan)).toEqual(plan);
    }
  });

  test('is the same for the same input', () => {
    const scenario = {
      source: aRepository('octo/app', outbound, { id: 1 }),
      target: aRepository('octo/deploy', inbound),
    };
    expect(planIn(scenario)).toEqual(planIn(scenario));
  });

  test('names both files that a decision depends on', () => {
    const [decision] = planIn().decisions;
    expect(decision).toMatchObject({
      rule: 'outbound[0].targets[0]',
      sourceFile: { repository: 'octo/app', path: 'dispatching.yml' },
      targetFile: { repository: 'octo/deploy', path: 'dispatching.yml' },
      target: { repositoryId: 2, installationId: 7, visibility: 'private' },
    });
  });

  test('counts the allowed routes in its message', () => {
    expect(planIn().message).toBe('octo/app:ci.yml: 1 of 1 matched routes are allowed.');
  });

  test('lists each check of an allowed decision once, under a name of the check table', () => {
    const checks = planIn().decisions[0]?.checks ?? [];
    const names = checks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !Object.hasOwn(checkTable, name))).toEqual([]);
    expect(checkNames.length).toBeGreaterThan(names.length);
  });

  test('names the closest inbound rule and its failed checks if no rule accepts', () => {
    const target = `${inbound.replace('repository: app', 'repository: other')}  - source: { repository: app, workflow: ci.yml, events: [schedule] }
    targets:
      - { workflow: cd.yml }
`;
    expect(planIn({ target }).decisions[0]).toMatchObject({
      code: 'inbound-event',
      closest: {
        rule: 'inbound[1].targets[0]',
        checks: [{ name: 'inbound-event', expected: 'schedule', actual: 'push' }],
      },
    });
  });

  test('says if there is no inbound rule at all', () => {
    expect(planIn({ target: 'outbound: []' }).decisions[0]).toMatchObject({
      code: 'inbound-no-match',
      closest: { rule: 'inbound' },
    });
  });

  test('stays small, however large the files are', () => {
    const branches = Array.from({ length: 500 }, (_, index) => `branch-${index}`).join(', ');
    const plan = planIn({ target: inbound.replace('ci.yml', `ci.yml, branches: [${branches}]`) });
    expect(JSON.stringify(plan).length).toBeLessThan(12_000);
  });
});

describe('a replay', () => {
  const id = '${{ dispatch.id }}';
  const two = `outbound:
  - source: { workflow: ci.yml }
    targets:
      - { repository: deploy, workflow: cd.yml, inputs: { id: '${id}' } }
      - { repository: deploy, workflow: cd.yml, id: staging }
`;
  const [first, second] = planIn({ source: two }).decisions;
  const named = { revision: 3, generations: { [first?.routeId ?? '']: 2 }, routeId: null };

  test('has its own revision and keeps the dispatch ids', () => {
    const plan = planIn({ source: two, replay: { revision: 1, generations: {}, routeId: null } });
    expect(plan.revision).toBe(1);
    expect(plan.decisions).toEqual([first, second]);
  });

  test('has its own revision even if the run is refused', () => {
    expect(planIn({ run: aRun({ headRepositoryId: null }), replay: named })).toMatchObject({
      revision: 3,
      outcome: 'source-refused',
    });
  });

  test('gives a route with a higher generation a new dispatch id, and keeps the others', () => {
    const plan = planIn({ source: two, target: inbound.replace('cd.yml }', 'cd.yml, inputs: [id] }'), replay: named });
    const raised = dispatchId(runKey(aRun()), first?.routeId ?? '', 2);
    expect(plan.decisions[0]).toMatchObject({ dispatchId: raised, inputs: { id: raised } });
    expect(plan.decisions[1]?.dispatchId).toBe(second?.dispatchId);
  });

  test('of one route decides only that route', () => {
    const plan = planIn({ source: two, replay: { ...named, routeId: second?.routeId ?? '' } });
    expect(plan.decisions).toEqual([second]);
  });
});

describe('a plan that depends on a missing response is made again', () => {
  test.each([
    ['the source', { source: { state: 'unknown', reason: 'x' } }],
    ['the branch of the run', { source: aRepository('octo/app', outbound, { id: 1, heads: [] }) }],
    ['a target', { target: { state: 'unknown', reason: 'x' } }],
    ['the lineage', { lineage: { state: 'unknown' } }],
  ] as const)('%s', (_, scenario) => {
    expect(dependsOnUnknown(planIn(scenario))).toBe(true);
  });

  test('a plan whose responses are all known is final', () => {
    expect(dependsOnUnknown(planIn())).toBe(false);
    expect(dependsOnUnknown(planIn({ target: { state: 'absent' } }))).toBe(false);
    expect(dependsOnUnknown(planIn({ source: 'outbound: 3' }))).toBe(false);
  });
});

describe('a snapshot', () => {
  const compile = (file: Parameters<typeof aRepository>[2]) => compileSnapshot(aRepository('octo/app', null, file));
  const files = (first: object, second: object = { state: 'absent' }) =>
    ({ files: { 'dispatching.yml': first, '.github/dispatching.yml': second } }) as Parameters<typeof aRepository>[2];

  test.each([
    ['a directory', { state: 'not-a-file', kind: 'a directory' }, 'the path is a directory, not a regular file'],
    [
      'a symbolic link',
      { state: 'not-a-file', kind: 'a symbolic link' },
      'the path is a symbolic link, not a regular file',
    ],
    ['binary', { ...aFile(''), isBinary: true, text: null }, 'the file is binary or not UTF-8 (UTF-16, for example)'],
    ['truncated by GitHub', { ...aFile(outbound), isTruncated: true }, 'the file is larger than 192 KB'],
    ['too large', { ...aFile(outbound), byteSize: 192 * 1024 + 1 }, 'the file is larger than 192 KB'],
  ])('of a file that is %s is invalid', (_, file, message) => {
    expect(compile(files(file))).toMatchObject({ state: 'invalid', errors: [{ file: 'dispatching.yml', message }] });
  });

  test('with one path that could not be read is unknown, whatever the other path contains', () => {
    const unknown = { state: 'unknown', reason: 'x' };
    expect(compile(files(aFile(outbound), unknown)).state).toBe('unknown');
    expect(compile(files({ state: 'absent' }, unknown)).state).toBe('unknown');
  });

  test('with a directory at one path and a file at the other is ambiguous', () => {
    expect(compile(files({ state: 'not-a-file', kind: 'a directory' }, aFile(outbound))).state).toBe('ambiguous');
  });

  test('of a cached blob is not compiled again, and its errors name its own path', () => {
    const compiledFiles = new Map<string, CompiledFile>();
    const cache: CompileCache = {
      get: (id) => compiledFiles.get(id),
      set: (id, file) => void compiledFiles.set(id, file),
    };
    const broken = aFile('outbound: 3');
    const first = compileSnapshot(aRepository('octo/app', null, files(broken)), cache);
    const second = compileSnapshot(aRepository('octo/b', null, files({ state: 'absent' }, broken)), cache);
    expect(compiledFiles.size).toBe(1);
    expect(first).toMatchObject({ state: 'invalid', errors: [{ file: 'dispatching.yml' }] });
    expect(second).toMatchObject({ state: 'invalid', errors: [{ file: '.github/dispatching.yml' }] });
  });
});

test('a decision names the check that the outbound target asks for, and that the accepting inbound rule hides the run', () => {
  const source = outbound.replace('cd.yml', 'cd.yml, check: deploy to staging');
  const target = inbound.replace('cd.yml', 'cd.yml, report: none');
  expect(decisionIn({ source, target })).toMatchObject({ effect: 'allow', check: 'deploy to staging', report: 'none' });
  expect(decisionIn({ source })).not.toHaveProperty('report');
  expect(decisionIn({ target })).not.toHaveProperty('check');
});

test('a run that a check of Dispatcher triggered starts nothing: every route is a loop', () => {
  const run = aRun({ event: 'check_run' });
  const source = outbound.replace('ci.yml', 'ci.yml, events: [check_run]');
  const target = inbound.replace('ci.yml', 'ci.yml, events: [check_run]');
  expect(decisionIn({ run, source, target, lineage: { state: 'own-check' } }).code).toBe('route-loop');
});
