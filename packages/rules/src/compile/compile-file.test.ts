import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compileFile, maxRules } from './compile-file.ts';
import { warningOfFileName } from './warnings.ts';
import { formatFileError } from '../values/problem.ts';
import { templateFields } from '../values/template-fields.ts';
import { inbound, outbound } from '../testing/run-scenario.ts';

const errorsOf = (text: string): string[] => {
  const compiled = compileFile(text);
  return compiled.ok ? [] : compiled.errors.map(formatFileError);
};

/** Returns the rules of a valid file, without the index. */
const rulesOf = (text: string) => {
  const compiled = compileFile(text);
  if (!compiled.ok) throw new Error(errorsOf(text).join('\n'));
  const { outbound, inbound } = compiled.file;
  return { outbound, inbound };
};

const allFields = `use one of ${Object.keys(templateFields).join(', ')}`;

describe('an error names file, line, column and what to write instead', () => {
  test.each<[string, string, string]>([
    [
      'a misspelled key',
      outbound.replace('ci.yml', 'ci.yml, brances: [main]'),
      '2:33: unknown key `brances`; did you mean `branches`?',
    ],
    [
      'a key of the other side',
      inbound.replace('cd.yml', 'cd.yml, ref: main'),
      '4:29: unknown key `ref`; did you mean `refs`?',
    ],
    [
      'a key in another style',
      outbound.replace('ci.yml', 'ci.yml, Events: [push]'),
      '2:33: unknown key `Events`; did you mean `events`?',
    ],
    [
      'a key that resembles none',
      outbound.replace('ci.yml', 'ci.yml, cron: 1'),
      '2:33: unknown key `cron`; valid keys are `workflow`, `job`, `needs`, `branches`, `tags`, `events`, `conclusions`, `attempts`, `environments`',
    ],
    ['a duplicate key', `${outbound}outbound: []\n`, '5:1: duplicate key `outbound`; remove one of the two'],
    ['a missing key', outbound.replace('repository: deploy, ', ''), '4:9: `repository` is missing; add `repository:`'],
    [
      'neither a repository nor a key',
      inbound.replace('repository: app, ', ''),
      '2:13: `repository` is missing; add `repository:` or `key:`',
    ],
    [
      'a repository without a workflow',
      inbound.replace(', workflow: ci.yml', ''),
      '2:13: `workflow` is missing; add `workflow:` or `job:`',
    ],
    [
      'a workflow beside a job',
      inbound.replace('ci.yml', 'ci.yml, job: ci.yml'),
      '2:42: `workflow` cannot be combined with `job`; remove one of the two',
    ],
    [
      'the conclusion of a job',
      outbound.replace('workflow: ci.yml', 'job: ci.yml, conclusions: [success]'),
      '2:41: `conclusions` cannot be combined with `job`; remove one of the two',
    ],
    [
      'the environment of a run',
      outbound.replace('ci.yml', 'ci.yml, environments: [production]'),
      '2:47: `environments` cannot be combined with `workflow`; remove one of the two',
    ],
    [
      'an environment that is a pattern',
      inbound.replace('workflow: ci.yml', "job: ci.yml, environments: ['prod*']"),
      '2:60: environment `prod*` is a pattern, but must be one name; name each environment',
    ],
    [
      'a check of a rule for jobs',
      outbound.replace('workflow: ci.yml', 'job: ci.yml').replace('cd.yml', 'cd.yml, check: deploy'),
      '4:56: `check` cannot be combined with `job`: a job sees the response, and Dispatcher writes no check for it; remove it, or name a `workflow:`, whose completed runs start the target',
    ],
    [
      'an input of a job in a rule for runs',
      outbound.replace('cd.yml', "cd.yml, inputs: { a: '${{ job.inputs.a }}' }"),
      '4:62: `job.inputs.a` has no value: the rule is for completed runs; use a field of `source` or `dispatch`, or write `job:` in the place of `workflow:`',
    ],
    [
      'the conclusion in a template of a rule for jobs',
      outbound
        .replace('workflow: ci.yml', 'job: ci.yml')
        .replace('cd.yml', "cd.yml, inputs: { a: '${{ source.conclusion }}' }"),
      '4:62: `source.conclusion` has no value: the run of a job is still in progress; use another field',
    ],
    [
      'an input of a job with an invalid name',
      outbound
        .replace('workflow: ci.yml', 'job: ci.yml')
        .replace('cd.yml', "cd.yml, inputs: { a: '${{ job.inputs.a b }}' }"),
      '4:62: input name `a b` is not valid; use letters, digits, `_` and `-`, not starting with a digit or `-`, as in the target’s workflow',
    ],
    [
      'an input of a job without the `$`',
      outbound.replace('cd.yml', "cd.yml, inputs: { a: '{{ job.inputs.a }}' }"),
      '4:62: `{{ job.inputs.a }}` lacks the `$` of a template and would be sent as text; write `${{ job.inputs.a }}`',
    ],
    [
      'a schedule beside a key',
      inbound.replace('repository: app, workflow: ci.yml', 'schedule: nightly, key: nightly'),
      '2:25: `schedule` cannot be combined with `key`; remove one of the two',
    ],
    [
      'a webhook with a workflow',
      inbound.replace('repository: app', 'webhook: grafana'),
      '2:43: `workflow` cannot be combined with `webhook`; remove one of the two',
    ],
    [
      'a schedule whose name is a pattern',
      inbound.replace('repository: app, workflow: ci.yml', "schedule: 'night*'"),
      '2:25: schedule name `night*` is not valid; write the name that the schedule was created with: up to 64 letters, digits, `.`, `_` and `-`, starting with a letter or digit',
    ],
    [
      'a key beside a repository',
      inbound.replace('repository: app, workflow: ci.yml', 'repository: app, key: nightly'),
      '2:27: `repository` cannot be combined with `key`; remove one of the two',
    ],
    [
      'a key with branches',
      inbound.replace('repository: app, workflow: ci.yml', 'key: nightly, branches: [main]'),
      '2:39: `branches` cannot be combined with `key`; remove one of the two',
    ],
    [
      'a pattern as a key name',
      inbound.replace('repository: app, workflow: ci.yml', "key: 'nightly*'"),
      '2:20: key name `nightly*` is not valid; write the name that the key was created with: up to 64 letters, digits, `.`, `_` and `-`, starting with a letter or digit',
    ],
    [
      'an event type in another style',
      inbound.replace('repository: app, workflow: ci.yml', 'key: nightly').replace('cd.yml', 'cd.yml, event_type: x'),
      '4:29: unknown key `event_type`; did you mean `event-type`?',
    ],
    [
      'an event type with inputs',
      inbound
        .replace('repository: app, workflow: ci.yml', 'key: nightly')
        .replace('workflow: cd.yml', 'event-type: deploy, inputs: [a]'),
      '4:39: `inputs` cannot be combined with `event-type`; remove one of the two',
    ],
    [
      'an event type for the runs of a repository',
      inbound.replace('workflow: cd.yml', 'event-type: deploy'),
      '4:23: `event-type` requires `source: { key: … }`; for runs and jobs of a repository, use `workflow`',
    ],
    [
      'a target without a workflow or an event type',
      inbound.replace('workflow: cd.yml', 'inputs: [a]'),
      '4:9: `workflow` is missing; add `workflow:` or `event-type:`',
    ],
    [
      'a check of 51 characters',
      outbound.replace('cd.yml', `cd.yml, check: ${'x'.repeat(51)}`),
      `4:56: check \`${'x'.repeat(51)}\` is not a valid name; write 1 to 50 visible characters, such as \`deploy to staging\``,
    ],
    [
      'a check with the name of Dispatcher’s own',
      outbound.replace('cd.yml', 'cd.yml, check: Dispatching.yml'),
      '4:56: check `Dispatching.yml` is the name of Dispatcher’s own check of the file; choose another name',
    ],
    [
      'a check that two targets share',
      `${outbound.replace('cd.yml', 'cd.yml, check: deploy')}      - { repository: other, workflow: cd.yml, check: Deploy }\n`,
      '5:55: another target has the check `Deploy`; give each target a check of its own',
    ],
    [
      'a report that is neither status nor none',
      inbound.replace('cd.yml', 'cd.yml, report: all'),
      '4:37: `all` is not a valid value of `report`; use one of status, none',
    ],
    [
      'a number instead of text',
      outbound.replace('cd.yml', 'cd.yml, id: 7'),
      "4:53: `id` must be text, but is a number; quote it: '7'",
    ],
    [
      'text instead of a list',
      outbound.replace('ci.yml', 'ci.yml, branches: main'),
      '2:43: `branches` must be a list, but is text; write `[…]`, or one line with `- ` for each entry',
    ],
    [
      'a word instead of true',
      outbound.replace('cd.yml', 'cd.yml, enabled: yes'),
      '4:58: `yes` is not a valid value of `enabled`; use one of true, false, dry-run',
    ],
    [
      'a misspelled dry run',
      outbound.replace('cd.yml', 'cd.yml, enabled: dryrun'),
      '4:58: `dryrun` is not a valid value of `enabled`; did you mean `dry-run`?',
    ],
    [
      'a number instead of true',
      outbound.replace('cd.yml', 'cd.yml, enabled: 1'),
      '4:58: `1` is not a valid value of `enabled`; use one of true, false, dry-run',
    ],
    [
      'a list instead of true',
      outbound.replace('cd.yml', 'cd.yml, enabled: [true]'),
      '4:58: `enabled` must be `true`, `false` or `dry-run`, but is a list; write one of them',
    ],
    [
      'an event that does not exist',
      outbound.replace('ci.yml', 'ci.yml, events: [pusj]'),
      '2:42: `pusj` is not a valid value of `events`; did you mean `push`?',
    ],
    [
      'an attempt that is text',
      outbound.replace('ci.yml', "ci.yml, attempts: ['1']"),
      '2:44: an entry of `attempts` must be a whole number from 1, but is text; write a number, such as `1` for the first attempt',
    ],
    [
      'an attempt before the first',
      outbound.replace('ci.yml', 'ci.yml, attempts: [0]'),
      '2:44: an entry of `attempts` must be a whole number from 1, but is 0; write a number, such as `1` for the first attempt',
    ],
    [
      'half an attempt',
      outbound.replace('ci.yml', 'ci.yml, attempts: [1.5]'),
      '2:44: an entry of `attempts` must be a whole number from 1, but is 1.5; write a number, such as `1` for the first attempt',
    ],
    [
      'releases without tags',
      outbound.replace('ci.yml', 'ci.yml, events: [release], branches: [main]'),
      "2:41: a `release` run belongs to a tag, and the rule accepts no tags; add `tags:`, such as `tags: ['v*']`",
    ],
    [
      'merge queues without their branches',
      inbound.replace('ci.yml', "ci.yml, events: [merge_group], branches: ['**']"),
      "2:58: a `merge_group` run belongs to a branch of the merge queue, and the rule accepts none; add `branches: ['gh-readonly-queue/main/**']`",
    ],
    [
      'a key with tags',
      inbound.replace('repository: app, workflow: ci.yml', 'key: nightly, tags: [v1]'),
      '2:35: `tags` cannot be combined with `key`; remove one of the two',
    ],
    [
      'an unknown template field',
      outbound.replace('cd.yml', "cd.yml, inputs: { x: '${{ source.sha }}' }"),
      '4:62: unknown template field `source.sha`; did you mean `source.head_sha`?',
    ],
    ...(
      [
        ['source.sha', 'source.head_sha'],
        ['source.run_id', 'source.id'],
        ['source.run_url', 'source.html_url'],
        ['source.repo', 'source.repository'],
        ['source.head_shaa', 'source.head_sha'],
        ['github.sha', 'source.head_sha'],
        ['github.run_id', 'source.id'],
        ['github.event.workflow_run.head_branch', 'source.head_branch'],
        ['head_sha', 'source.head_sha'],
        ['dispatch.dept', 'dispatch.depth'],
        ['github.event.workflow_run.pull_requests[0].number', 'source.pull_request_number'],
        ['github.event.pull_request.number', 'source.pull_request_number'],
        ['source.pr_number', 'source.pull_request_number'],
      ] as const
    ).map(([written, meant]): [string, string, string] => [
      `the template field ${written}`,
      outbound.replace('cd.yml', `cd.yml, inputs: { x: '\${{ ${written} }}' }`),
      `4:62: unknown template field \`${written}\`; did you mean \`${meant}\`?`,
    ]),
    ...['source.pull_request', 'source.pull_requests[0].title', 'source.pr'].map(
      (written): [string, string, string] => [
        `the pull request as ${written}`,
        outbound.replace('cd.yml', `cd.yml, inputs: { x: '\${{ ${written} }}' }`),
        `4:62: unknown template field \`${written}\`; the only field of the pull request is \`source.pull_request_number\`; ${allFields}`,
      ],
    ),
    ...['steps.build.outputs.id', 'needs.build.outputs.sha', 'secrets.TOKEN', 'inputs.env', 'source.env'].map(
      (written): [string, string, string] => [
        `a field with no equivalent: ${written}`,
        outbound.replace('cd.yml', `cd.yml, inputs: { x: '\${{ ${written} }}' }`),
        `4:62: unknown template field \`${written}\`; ${allFields}`,
      ],
    ),
    ...(
      [
        ['{{ source.sha }}', 'write `${{ source.head_sha }}`'],
        ['{{ source.head_sha }}', 'write `${{ source.head_sha }}`'],
        ['{{source.run_id}}', 'write `${{ source.id }}`'],
        ['{{ source.run_url }}', 'write `${{ source.html_url }}`'],
        ['{{ source.repo }}', 'write `${{ source.repository }}`'],
        ['{{ dispatch.id }}', 'write `${{ dispatch.id }}`'],
        ['{{ source.team }}', allFields],
      ] as const
    ).map(([written, fix]): [string, string, string] => [
      `a template without its dollar sign: ${written}`,
      outbound.replace('cd.yml', `cd.yml, inputs: { x: 'run \${{ source.id }} of ${written}' }`),
      `4:62: \`${written}\` lacks the \`$\` of a template and would be sent as text; ${fix}`,
    ]),
    [
      'a template without its dollar sign as a ref',
      outbound.replace('cd.yml', "cd.yml, ref: '{{source.head_branch}}'"),
      '4:54: ref `{{source.head_branch}}` is a template, but templates are allowed in `inputs` only; write the name of a branch or tag of the target, such as `main`',
    ],
    [
      'inputs under the key of an older format',
      inbound.replace('cd.yml', 'cd.yml, accept_inputs: [sha]'),
      '4:29: unknown key `accept_inputs`; write `inputs:` instead',
    ],
    [
      'an owner beside the repository',
      outbound.replace('repository: deploy', 'owner: octo, repository: deploy'),
      '4:11: unknown key `owner`; remove it, and write the owner before the name: `repository: octo/deploy`',
    ],
    [
      'an owner beside a repository that already has one',
      inbound.replace('repository: app', 'owner: octo, repository: octo/app'),
      '2:15: unknown key `owner`; remove it, and write the owner before the name: `repository: owner/name`',
    ],
    [
      'the repository of the file itself',
      outbound.replace('{ workflow: ci.yml }', '{ workflow: ci.yml, repository: app }'),
      '2:33: unknown key `repository`; remove it: it is always this repository',
    ],
    [
      'conditions as a key',
      inbound.replace('ci.yml', 'ci.yml, conditions: { branches: [main] }'),
      '2:50: unknown key `conditions`; write `branches:`, `events:` and `conclusions:` directly under `source:`',
    ],
    [
      'a number as an accepted value',
      inbound.replace('cd.yml', 'cd.yml, inputs: [{ size: [1] }]'),
      "4:47: an entry of `size` must be text, but is a number; quote it: '1'",
    ],
    [
      'text instead of a list of accepted values',
      inbound.replace('cd.yml', 'cd.yml, inputs: [{ size: big }]'),
      '4:46: `size` must be a list, but is text; write `[…]`, or one line with `- ` for each entry',
    ],
    [
      'an input that is listed twice',
      inbound.replace('cd.yml', 'cd.yml, inputs: [size, { size: [big] }]'),
      '4:37: the list names the input `size` twice; remove one of the two',
    ],
    [
      'a number in the list of inputs',
      inbound.replace('cd.yml', 'cd.yml, inputs: [3]'),
      "4:38: an entry of `inputs` must be text, but is a number; quote it: '3'",
    ],
    [
      'an invalid name in the list of inputs',
      inbound.replace('cd.yml', 'cd.yml, inputs: [a b]'),
      '4:38: input name `a b` is not valid; use letters, digits, `_` and `-`, not starting with a digit or `-`, as in the target’s workflow',
    ],
    [
      'a regular expression as a branch pattern',
      outbound.replace('ci.yml', () => "ci.yml, branches: ['^hotfix/.*$']"),
      '2:44: `^` cannot be in the name of a branch or tag; these are filter patterns, not regular expressions: write `hotfix/**`',
    ],
    [
      'a ref pattern that Git allows for no name',
      inbound.replace('cd.yml', "cd.yml, refs: ['v1..2']"),
      '4:36: a branch or tag name cannot contain `..`; write a name that can exist, or a filter pattern such as `release/**`',
    ],
    [
      'an invalid input name',
      outbound.replace('cd.yml', 'cd.yml, inputs: { a b: x }'),
      '4:59: input name `a b` is not valid; use letters, digits, `_` and `-`, not starting with a digit or `-`, as in the target’s workflow',
    ],
    [
      'a list with only `!` patterns',
      outbound.replace('ci.yml', "ci.yml, branches: ['!x']"),
      "2:43: a list with only `!` patterns accepts nothing; add a pattern that accepts something before them, such as '**'",
    ],
    [
      'an empty list',
      'outbound:\n  - source: { workflow: ci.yml }\n    targets: []\n',
      '3:14: the list is empty; add at least one entry, or remove the key',
    ],
    [
      'a key without a value',
      'outbound:\n',
      '1:10: `outbound` must be a list, but is empty; write `[…]`, or one line with `- ` for each entry',
    ],
    ['a list instead of a map', '- a\n', '1:1: the file must be a map, but is a list; write `key: value` lines'],
    [
      'a tab',
      'outbound:\n\t- a\n',
      '2:1: invalid YAML: Tabs are not allowed as indentation; fix the line; often the indentation or a quote is wrong',
    ],
    [
      'CRLF',
      outbound.replace('cd.yml', 'cd.yml, x: 1').replaceAll('\n', '\r\n'),
      '4:49: unknown key `x`; valid keys are `repository`, `public`, `repository-id`, `workflow`, `id`, `ref`, `inputs`, `enabled`, `check`',
    ],
  ])('%s', (_, text, error) => {
    expect(errorsOf(text)).toEqual([`dispatching.yml:${error}`]);
  });

  test.each([
    'events: [push, release]',
    'events: [merge_group, push]',
    "events: [release], tags: ['v*']",
    "events: [merge_group], branches: ['gh-readonly-queue/main/**']",
    "events: [release, merge_group], tags: ['v*']",
  ])('events of which the rule can match one are accepted: %s', (conditions) => {
    expect(errorsOf(outbound.replace('ci.yml', `ci.yml, ${conditions}`))).toEqual([]);
  });

  test('an error contains an excerpt of the text, on one line and shortened', () => {
    const compiled = compileFile(`${'k'.repeat(300)}: 1\n`, { path: '.github/dispatching.yml' });
    expect(compiled).toMatchObject({ ok: false, errors: [{ file: '.github/dispatching.yml', line: 1, column: 1 }] });
    expect(compiled.ok ? '' : compiled.errors[0]?.text).toMatch(/^k{79}…$/);
  });

  test('all errors of a file are reported at once, in file order', () => {
    const text = `outbound:
  - source: { workflow: ci, brances: [main] }
    targets:
      - { repository: a/b/c, workflow: cd.yml, ref: refs/pull/1/head }
      - { workflow: cd.yml, inputs: { a: 3, 'b c': x } }
    targets: []
inbound: 3
`;
    expect(errorsOf(text).map((error) => error.split(':').slice(1, 3).join(':'))).toEqual([
      '2:25',
      '2:29',
      '4:23',
      '4:53',
      '5:9',
      '5:42',
      '5:45',
      '6:5',
      '7:10',
    ]);
  });

  test('at most 100 errors are reported', () => {
    const text = Array.from({ length: 500 }, (_, index) => `k${index}: 1\n`).join('');
    expect(errorsOf(text)).toHaveLength(100);
  });
});

describe('a warning names what is valid but probably not meant', () => {
  const warningsIn = (text: string): string[] => {
    const compiled = compileFile(text);
    if (!compiled.ok) throw new Error(compiled.errors.map(formatFileError).join('\n'));
    return compiled.warnings.map(formatFileError);
  };

  test('braces without a field of a template', () => {
    const text = outbound.replace('cd.yml', "cd.yml, inputs: { x: '{{ version }}', y: '${{ source.id }}', z: '{}' }");
    expect(warningsIn(text)).toEqual([
      'dispatching.yml:4:62: `{{ version }}` is sent as text; if it is meant as a template, write `${{ source.<field> }}` or `${{ dispatch.<field> }}`',
    ]);
  });

  test('the prefix of a full ref name', () => {
    const text = inbound
      .replace('ci.yml', 'ci.yml, branches: [main, refs/heads/x]')
      .replace('cd.yml', 'cd.yml, refs: [refs/tags/v*]');
    expect(warningsIn(text)).toEqual([
      'dispatching.yml:2:67: names are compared without `refs/heads/`; remove `refs/heads/`',
      'dispatching.yml:4:36: names are compared without `refs/tags/`; remove `refs/tags/`',
    ]);
  });

  test('characters of regular expressions in a pattern that a name could match', () => {
    expect(warningsIn(outbound.replace('ci.yml', "ci.yml, branches: ['main|develop']"))).toEqual([
      'dispatching.yml:2:44: `main|develop` looks like a regular expression, but is a filter pattern; write one entry for each alternative, and `*` or `**` for any characters',
    ]);
  });

  test('nothing in the usual files, and at most 100 warnings', () => {
    expect(warningsIn(`${outbound}${inbound}`)).toEqual([]);
    const many = Array.from({ length: 200 }, (_, index) => `'a|${index}'`).join(', ');
    expect(warningsIn(outbound.replace('ci.yml', `ci.yml, branches: [${many}]`))).toHaveLength(100);
  });

  test.each(['dispatching.yaml', '.github/dispatching.yaml', 'Dispatching.yml', 'a\\DISPATCHING.YML'])(
    'a file name that is never read: %s',
    (path) => {
      expect(warningOfFileName(path)?.fix).toBe('rename it to `dispatching.yml`');
    },
  );

  test('no file name that is read, or that resembles none', () => {
    for (const path of ['dispatching.yml', '.github/dispatching.yml', 'app.yml', 'my-dispatching.yaml']) {
      expect(warningOfFileName(path)).toBeNull();
    }
  });
});

describe('a file', () => {
  test.each([
    '',
    '\n',
    '# nothing\n',
    '{}',
    'null',
    '---\n',
    '\uFEFF',
    '\uFEFFoutbound: []\n',
    'outbound: []\r\ninbound: []\r\n',
  ])('without content has no rules: %j', (text) => {
    expect(compileFile(text)).toEqual({
      ok: true,
      file: { outbound: [], inbound: [], index: expect.anything() },
      warnings: [
        expect.objectContaining({
          line: 1,
          message: 'the file has no rules',
          fix: 'add a rule under `outbound:` or `inbound:`, or delete the file',
        }),
      ],
    });
  });

  test('with a byte-order mark or CRLF compiles like one without', () => {
    const plain = rulesOf(outbound);
    expect(rulesOf(`\uFEFF${outbound}`)).toEqual(plain);
    expect(rulesOf(outbound.replaceAll('\n', '\r\n'))).toEqual(plain);
  });

  test('with 1,000 rules compiles, with 1,001 it does not', () => {
    const rules = (count: number) =>
      `outbound:\n${'  - source: { workflow: a.yml }\n    targets: [{ repository: b, workflow: c.yml }]\n'.repeat(count)}`;
    expect(compileFile(rules(maxRules)).ok).toBe(true);
    expect(errorsOf(rules(maxRules + 1))).toEqual(['dispatching.yml:1:1: the file has 1001 rules; use at most 1000']);
  });

  test('with more than 192 KB (in bytes) is refused', () => {
    expect(compileFile(`#${' '.repeat(192 * 1024 - 1)}`).ok).toBe(true);
    expect(compileFile(`#${' '.repeat(192 * 1024)}`).ok).toBe(false);
    expect(compileFile(`#${'€'.repeat(100 * 1024)}`).ok).toBe(false);
  });

  test('has compiled rules that are equal to themselves after a round trip through JSON', () => {
    const text = `${outbound.replace('cd.yml', "cd.yml, inputs: { a: 'x ${{ source.id }}' }")}${inbound.replace('ci.yml', "ci.yml, branches: ['r/**', '!r/[0-9]+']")}`;
    const rules = rulesOf(text);
    expect(JSON.parse(JSON.stringify(rules))).toEqual(rules);
  });
});

test('compiling never throws, and every error has a position, for any text', () => {
  const pieces = fc.constantFrom(
    'outbound',
    'inbound',
    'source',
    'targets',
    'workflow',
    ':',
    ' ',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '&a',
    '*a',
    '!!',
    '<<',
    '|',
    '>',
    '"',
    "'",
    '#',
    '%',
    '---',
    '...',
    '?',
    '\t',
    '\0',
    '\uFEFF',
    '\uD800',
    'ci.yml',
    '__proto__',
    'constructor',
    '${{',
    '}}',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (text) => {
      const compiled = compileFile(text);
      if (compiled.ok) return;
      expect(compiled.errors.length).toBeGreaterThan(0);
      for (const { line, column, message, fix } of compiled.errors) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(message).not.toBe('');
        expect(fix).not.toBe('');
      }
    }),
    { numRuns: 3000 },
  );
});
