import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codes, type Decision, targetLabel } from '@dispatcher/contracts';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { compileFile } from '../compile/compile-file.ts';
import { assumedCommit } from '../decide/assumed-commit.ts';
import { formatFileError } from '../values/problem.ts';
import { aRepository, aRun, inbound, outbound, planIn } from '../testing/run-scenario.ts';
import { parseWorkflow } from '../workflow-file/parse-workflow.ts';
import { codesPage, schemaFile, withTables } from './pages.ts';

const fileOf = (path: string) => new URL(`../../../../docs/${path}`, import.meta.url);
const read = (path: string) => readFileSync(fileOf(path), 'utf8');

const severalWorkflows = outbound
  .replace('workflow: ci.yml', 'needs: [ci.yml, security.yml]')
  .replace('cd.yml', 'cd.yml, id: all');

function expectWritten(path: string, text: string): void {
  if (process.env['UPDATE_DOCS'] === 'true') writeFileSync(fileOf(path), text);
  expect(read(path)).toBe(text);
}

describe('the generated reference is up to date (if not: npm run docs)', () => {
  test('codes.md', () => {
    expectWritten('reference/codes.md', codesPage());
  });

  test('dispatching.schema.json', () => {
    expectWritten('reference/dispatching.schema.json', schemaFile());
  });

  test('the tables of dispatching.md', () => {
    expectWritten('reference/dispatching.md', withTables(read('reference/dispatching.md')));
  });

  test('messages contain only known placeholders', () => {
    const known = ['source', 'target', 'expected', 'actual', 'allowed', 'matched'];
    for (const { message } of Object.values(codes)) {
      for (const [, name = ''] of message.matchAll(/\{([^}]*)\}/g)) expect(known).toContain(name);
    }
  });
});

describe('the JSON Schema accepts and refuses the same files as the compiler', () => {
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(schemaFile()) as object);

  test.each<[string, string, boolean]>([
    ['the minimal outbound form', outbound, true],
    ['the minimal inbound form', inbound, true],
    ['an unknown key', outbound.replace('ci.yml', 'ci.yml, brances: [main]'), false],
    ['a wrong type', outbound.replace('cd.yml', 'cd.yml, enabled: 3'), false],
    ['an unknown event', outbound.replace('ci.yml', 'ci.yml, events: [pusj]'), false],
    ['a pattern as target', outbound.replace('deploy', "'service-*', public: true"), true],
    ['several workflows', severalWorkflows, true],
    [
      'several workflows, one with conditions',
      severalWorkflows.replace('security.yml', '{ workflow: s.yml, events: [push] }'),
      true,
    ],
    ['one workflow of several', severalWorkflows.replace(', security.yml', ''), false],
    ['several workflows and a job', severalWorkflows.replace('needs:', 'job: ci.yml, needs:'), false],
    [
      'several workflows in an inbound rule',
      inbound.replace('workflow: ci.yml', 'needs: [ci.yml, security.yml]'),
      true,
    ],
    ['a pattern of another owner as target', outbound.replace('deploy', "'octo/*'"), false],
    ['a pattern as workflow', outbound.replace('ci.yml', '"*.yml"'), false],
    [
      'the minimal form for a key',
      'inbound: [{ source: { key: nightly }, targets: [{ workflow: cd.yml }, { event-type: deploy }] }]',
      true,
    ],
    ['a key beside a repository', inbound.replace('app', 'app, key: nightly'), false],
    ['neither a key nor a repository', 'inbound: [{ source: {}, targets: [{ workflow: cd.yml }] }]', false],
    ['a repository without a workflow', inbound.replace(', workflow: ci.yml', ''), false],
    ['a pattern as key', 'inbound: [{ source: { key: "*" }, targets: [{ workflow: cd.yml }] }]', false],
    ['a workflow beside an event type', inbound.replace('cd.yml', 'cd.yml, event-type: deploy'), false],
    [
      'refs beside an event type',
      'inbound: [{ source: { key: nightly }, targets: [{ event-type: deploy, refs: [x] }] }]',
      false,
    ],
    ['inputs by name and with values', inbound.replace('cd.yml', "cd.yml, inputs: [sha, { env: [a, 'b-*'] }]"), true],
    ['an input with one value that is not a list', inbound.replace('cd.yml', 'cd.yml, inputs: [{ env: a }]'), false],
    ['an input with a number as its value', inbound.replace('cd.yml', 'cd.yml, inputs: [{ env: [1] }]'), false],
    ['a missing target', 'outbound: [{ source: { workflow: ci.yml } }]', false],
  ])('%s', (_, text, valid) => {
    expect(validate(parse(text))).toBe(valid);
    expect(compileFile(text).ok).toBe(valid);
  });
});

/** Returns the fenced code blocks of a page with their info strings. */
function blocks(page: string): { kind: string; text: string }[] {
  return [...page.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, kind = '', text = '']) => ({ kind, text }));
}

function formatDecision({ effect, code, route, ref, inputs }: Decision): string {
  const id = route.id === undefined ? '' : `#${route.id}`;
  const sent = Object.keys(inputs).length === 0 ? '' : ` with ${JSON.stringify(inputs)}`;
  return `${effect === 'allow' ? 'allow' : code} ${targetLabel(route.target)}${id} at ${ref}${sent}`;
}

interface Example {
  readonly source: string;
  readonly target: string;
  readonly run: string;
}

/** Returns what the last block of an example must contain. */
function outcomeOf(kind: string, { source, target, run }: Example): string {
  if (kind === 'text errors') {
    const compiled = compileFile(source);
    return `${(compiled.ok ? [] : compiled.errors).map(formatFileError).join('\n')}\n`;
  }
  const triggered = aRun(JSON.parse(run) as object);
  const snapshot = aRepository('octo/app', source, { id: 1 });
  const plan = planIn({
    source: snapshot,
    commit: assumedCommit(triggered, snapshot).commit,
    target: aRepository('octo/deploy', target, { workflows: { 'cd.yml': { state: 'unknown', reason: 'not read' } } }),
    run: triggered,
    guardRails: { allowPatterns: true },
    candidates: {
      listedAt: null,
      isComplete: true,
      repositories: [{ repositoryId: 2, name: 'deploy', workflows: ['cd.yml'] }],
    },
  });
  return `${plan.decisions.length === 0 ? plan.code : plan.decisions.map(formatDecision).join('\n')}\n`;
}

/** Returns a former dispatching.yml as the command of the page leaves it. */
function convertedBy(command: string, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'migrate-'));
  try {
    const file = join(directory, 'dispatching.yml');
    writeFileSync(file, text);
    execFileSync('sh', ['-c', command], { cwd: directory });
    expect(readFileSync(`${file}.bak`, 'utf8')).toBe(text);
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe.each(['reference/dispatching.md', 'guide/write-a-rule.md', 'guide/migrate.md'])(
  'every example of %s has the result that the page shows',
  (page) => {
    let example: Example = { source: '', target: '', run: '{}' };
    const outcomes: { kind: string; text: string; example: Example }[] = [];
    const workflows: string[] = [];
    const formerFiles: string[] = [];
    const converted: string[] = [];
    let convert = '';
    for (const { kind, text } of blocks(read(page))) {
      if (kind === 'yaml source') example = { ...example, source: text, run: '{}' };
      else if (kind === 'yaml target') example = { ...example, target: text };
      else if (kind === 'json run') example = { ...example, run: text };
      else if (kind === 'yaml former') formerFiles.push(text);
      else if (kind === 'sh convert') convert = text;
      else if (kind.startsWith('yaml converted ')) {
        converted.push(text);
        example = { ...example, [kind.slice('yaml converted '.length)]: text, run: '{}' };
      } else if (kind.startsWith('text replacements'))
        outcomes.push({ kind, text, example: { ...example, source: formerFiles.at(-1) ?? '' } });
      else if (kind.startsWith('text ')) outcomes.push({ kind, text, example });
      else if (kind === 'yaml workflow') workflows.push(text);
      else if (kind === 'yaml')
        outcomes.push({ kind: 'text errors', text: '\n', example: { ...example, source: text } });
      else if (kind !== 'sh') throw new Error(`${page} has a code block of an unknown kind: ${kind}`);
    }

    test.each(outcomes.map((outcome, index) => ({ index: index + 1, ...outcome })))(
      'example $index',
      ({ kind, text, example }) => {
        if (!kind.startsWith('text replacements')) {
          expect(outcomeOf(kind, example)).toBe(text);
          return;
        }
        const errors = outcomeOf('text errors', example);
        const unnamed = text
          .trimEnd()
          .split('\n')
          .filter((replacement) => !errors.includes(replacement));
        // A pending block says what errors will name. As soon as they do, delete the word from the page.
        if (kind.endsWith(' pending')) expect(unnamed).not.toEqual([]);
        else expect({ unnamed, isRefused: errors.trim() !== '' }).toEqual({ unnamed: [], isRefused: true });
      },
    );

    if (convert !== '') {
      test('the command for former files makes the files that the page shows', () => {
        expect(formerFiles.length).toBeGreaterThan(0);
        expect(formerFiles.map((text) => convertedBy(convert, text))).toEqual(converted);
      });
    }

    test('every workflow example can be parsed', () => {
      for (const text of workflows) expect(parseWorkflow(text)).toMatchObject({ state: 'read' });
    });
  },
);
