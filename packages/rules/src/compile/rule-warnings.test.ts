import { describe, expect, test } from '@jest/globals';
import { formatFileError } from '../values/problem.ts';
import { compileFile } from './compile-file.ts';

function warningsIn(text: string, repository?: string): string[] {
  const compiled = compileFile(text, { repository });
  if (!compiled.ok) throw new Error(compiled.errors.map(formatFileError).join('\n'));
  return compiled.warnings.map((warning) => formatFileError(warning).replace('dispatching.yml:', ''));
}

function outbound(...rules: readonly [source: string, target: string][]): string {
  return `outbound:\n${rules.map(([source, target]) => `  - source: { ${source} }\n    targets: [{ ${target} }]\n`).join('')}`;
}
function inbound(...rules: readonly [source: string, target: string][]): string {
  return outbound(...rules).replace('outbound', 'inbound');
}

const ci = 'workflow: ci.yml';
const cd = 'repository: deploy, workflow: cd.yml';
const from = 'repository: octo/app, workflow: ci.yml';

test('a rule for jobs is not reported', () => {
  expect(warningsIn(outbound(['job: ci.yml', cd]))).toEqual([]);
  expect(warningsIn(inbound(['repository: octo/app, job: ci.yml', 'workflow: cd.yml']))).toEqual([]);
});

describe('a workflow that starts itself', () => {
  const text = outbound([ci, 'repository: App, workflow: .github/workflows/ci.yml']);

  test('is reported at its target if the repository is known', () => {
    expect(warningsIn(text, 'octo/app')).toEqual([
      '3:15: the target is the source’s own workflow, and a workflow cannot start itself; name another workflow, or remove the target',
    ]);
    expect(warningsIn(outbound([ci, 'repository: OCTO/app, workflow: ci.yml']), 'octo/app')).toHaveLength(1);
  });

  test('is not reported for another repository, another workflow, or an unknown repository', () => {
    expect(warningsIn(text, 'octo/other')).toEqual([]);
    expect(warningsIn(text)).toEqual([]);
    expect(warningsIn(outbound([ci, 'repository: app, workflow: cd.yml']), 'octo/app')).toEqual([]);
  });
});

describe('an outbound target whose route an earlier one takes from all its runs', () => {
  test.each([
    ['the same conditions', ci, ci],
    ['fewer branches', `${ci}, branches: ['**']`, `${ci}, branches: [main, 'release/*']`],
    ['the default branch', `${ci}, branches: ['**']`, ci],
    ['fewer branches behind an exclusion', `${ci}, branches: ['**', '!wip']`, `${ci}, branches: [main]`],
    ['a narrowed list', `${ci}, branches: [main, 'v*']`, `${ci}, branches: ['v*', '!v0']`],
    ['fewer tags', `${ci}, branches: [main], tags: ['v*']`, `${ci}, tags: [v1]`],
    ['fewer events', ci, `${ci}, events: [push]`],
    ['fewer conclusions', `${ci}, conclusions: [success, failure]`, `${ci}, conclusions: [failure]`],
    ['one attempt', ci, `${ci}, attempts: [1]`],
  ])('is reported: %s', (_, wide, narrow) => {
    expect(warningsIn(outbound([wide, cd], [narrow, cd]))).toEqual([
      '5:15: the target never starts: `outbound[0].targets[0]` has the same route for the same runs; remove it, or add an `id:` to start the workflow twice',
    ]);
  });

  test.each([
    ['another workflow of the target', ci, ci, cd.replace('cd.yml', 'other.yml')],
    ['an id', ci, ci, `${cd}, id: second`],
    ['a disabled target', ci, ci, `${cd}, enabled: false`],
    ['a branch that the earlier one excludes', `${ci}, branches: ['**', '!main']`, `${ci}, branches: [main]`, cd],
    ['a wider list of branches', `${ci}, branches: [main]`, `${ci}, branches: ['**']`, cd],
    ['a merge queue', `${ci}, branches: ['**']`, `${ci}, branches: [gh-readonly-queue/main/1]`, cd],
    ['tags besides branches', `${ci}, branches: [main]`, `${ci}, branches: [main], tags: [v1]`, cd],
    ['any attempt after the first', `${ci}, attempts: [1]`, ci, cd],
    ['another event', ci, `${ci}, branches: ['**'], events: [pull_request]`, cd],
  ])('is not reported: %s', (_, first, second, target) => {
    expect(warningsIn(outbound([first, cd], [second, target]))).toEqual([]);
  });

  test('is found by its full name if the owner of the file is known', () => {
    const text = outbound([ci, cd], [ci, cd.replace('deploy', 'Octo/Deploy')]);
    expect(warningsIn(text, 'octo/app')).toHaveLength(1);
    expect(warningsIn(text, 'other/app')).toEqual([]);
  });
});

describe('an inbound target that accepts nothing beyond another one', () => {
  const target = 'workflow: cd.yml';

  test.each([
    ['the same twice', [from, target], [from, target], 5],
    ['one repository and all of its owner', [from.replace('/app', '/*'), target], [from, target], 5],
    ['the narrower one first', [`${from}, events: [push]`, target], [from, target], 3],
    ['fewer inputs', [from, `${target}, inputs: [a, b]`], [from, `${target}, inputs: [{ a: [x] }]`], 5],
    ['fewer refs', [from, `${target}, refs: ['release/*']`], [from, `${target}, refs: [release/1]`], 5],
    ['the same key', ['key: k', 'event-type: deploy'], ['key: k', 'event-type: deploy'], 5],
  ] as const)('is reported: %s', (_, first, second, line) => {
    const found = warningsIn(inbound([first[0], first[1]], [second[0], second[1]]));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${line}:15: the target has no effect: `));
  });

  test.each([
    ['another repository', [from, target], [from.replace('app', 'web'), target]],
    ['other inputs', [from, `${target}, inputs: [b]`], [from, `${target}, inputs: [a]`]],
    ['another owner', [from.replace('octo/app', '"*"'), target], [from, target]],
    ['another event type', ['key: k', 'event-type: deploy'], ['key: k', 'event-type: release']],
  ] as const)('is not reported: %s', (_, first, second) => {
    expect(warningsIn(inbound([first[0], first[1]], [second[0], second[1]]))).toEqual([]);
  });
});

describe('a rule that no run matches', () => {
  test.each([
    [`${ci}, events: [pull_request]`],
    [`${ci}, events: [pull_request_target, pull_request_review], tags: ['v*']`],
  ])('is reported: %s', (source) => {
    expect(warningsIn(outbound([source, cd]))).toEqual([
      expect.stringMatching(/^2:\d+: no run matches: a pull request’s run belongs to its head branch/),
    ]);
    expect(warningsIn(inbound([`repository: octo/app, ${source}`, 'workflow: cd.yml']))).toHaveLength(1);
  });

  test('is reported if its `!` patterns exclude all that it includes', () => {
    for (const branches of ["[main, '!main']", "['v1', 'release/*', '!**']", "[v1, '!v*']"]) {
      expect(warningsIn(outbound([`${ci}, branches: ${branches}`, cd]))).toEqual([
        expect.stringContaining('the list accepts nothing'),
      ]);
    }
  });

  test('is not reported if another event matches', () => {
    expect(warningsIn(outbound([`${ci}, events: [pull_request, push]`, cd]))).toEqual([]);
  });
});

describe('an entry of a list', () => {
  const one = (conditions: string) => warningsIn(outbound([`${ci}, ${conditions}`, cd]));

  test('that is repeated is reported', () => {
    for (const list of ['branches: [main, dev, main]', 'events: [push, push]', 'attempts: [1, 2, 1]']) {
      expect(one(list)).toEqual([expect.stringMatching(/the list contains `\w+` twice; remove one of the two/)]);
    }
    expect(warningsIn(inbound([from, 'workflow: cd.yml, inputs: [{ a: [x, x] }], refs: [v1, v1]']))).toHaveLength(2);
  });

  test('that excludes what nothing before it includes is reported', () => {
    expect(one("branches: ['!main', '**']")).toEqual([
      expect.stringContaining('`!main` has no effect: no pattern before it includes anything; move it after'),
    ]);
  });

  test('that is excluded again is reported', () => {
    expect(one("branches: [main, dev, '!main']")).toEqual([
      expect.stringContaining('`main` has no effect: `!main` excludes it again'),
    ]);
  });

  test('that is included again after an exclusion is not reported', () => {
    expect(one("branches: ['v*', '!v0*', v01]")).toEqual([]);
  });
});

test('the effect of the warnings on a file of 1,000 equal rules is bounded, and the same file still compiles', () => {
  const rules = Array.from({ length: 1000 }, (): [string, string] => [ci, cd]);
  expect(warningsIn(outbound(...rules))).toHaveLength(100);
});
