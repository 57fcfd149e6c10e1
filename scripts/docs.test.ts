import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { program as createProgram } from '../packages/cli/src/run-command.ts';
import { documentedCommands, problemOf } from './documented-commands.ts';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

// Checks that every link in the pages resolves, every command exists, and every page is reachable from README.md.

const root = fileURLToPath(new URL('..', import.meta.url));
const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'];
const pages = execFileSync('git', listed, { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((page) => page !== '' && !page.includes('/fixtures/') && existsSync(join(root, page)));
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');
const withoutCode = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');

interface Link {
  readonly page: string;
  readonly target: string;
}

const links = pages.flatMap((page): Link[] =>
  [...withoutCode(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({ page, target })),
);
const localLinks = links.filter(({ target }) => !/^[a-z]+:/.test(target));

/** Returns heading anchors as GitHub builds them: lower case, only letters, digits, `_`, `-` and spaces, spaces as `-`. */
function anchorsOf(page: string): string[] {
  const headings = [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function fileOf({ page, target }: Link): string {
  const [path = ''] = target.split('#');
  return path === '' ? page : relative(root, join(root, dirname(page), path));
}

describe('the pages', () => {
  test('have only links to existing files and headings', () => {
    expect(localLinks.length).toBeGreaterThan(100);
    const broken = localLinks.filter((link) => {
      const file = fileOf(link);
      const anchor = link.target.split('#')[1];
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('are all reachable by links from README.md', () => {
    const reachable = new Set(['README.md']);
    for (const page of reachable) {
      for (const link of localLinks.filter((each) => each.page === page)) {
        const file = fileOf(link);
        if (existsSync(join(root, file)) && statSync(join(root, file)).isFile()) reachable.add(file);
      }
    }
    expect(pages.filter((page) => !reachable.has(page))).toEqual([]);
  });
});

describe('the indexes', () => {
  const linksOf = (page: string) => localLinks.filter((link) => link.page === page).map(fileOf);

  test.each([
    ['README.md', /^docs\/(?:guide\/)?[^/]+\.md$|^docs\/(?:reference|runbooks|adr)\/README\.md$/],
    ['README.md', /^docs\/reference\/[^/]+\.md$/],
    ['docs/runbooks/README.md', /^docs\/runbooks\/(?!README)[^/]+\.md$/],
    ['docs/adr/README.md', /^docs\/adr\/(?!README)[^/]+\.md$/],
  ])('%s links every page that matches %s', (index, pattern) => {
    const matching = pages.filter((page) => pattern.test(page));
    expect(matching.length).toBeGreaterThan(5);
    expect(matching.filter((page) => !linksOf(index).includes(page))).toEqual([]);
  });

  test('list the decision records once each, in the order of their numbers', () => {
    const records = [...textOf('docs/adr/README.md').matchAll(/^\| \[(\d{4})\]\(\1-/gm)].map(([, number]) => number);
    expect(records).toEqual([...new Set(records)].toSorted((one = '', other = '') => one.localeCompare(other)));
  });
});

test('the log messages that the pages quote exist in the code', () => {
  const listed = execFileSync('git', ['ls-files', 'functions/*.ts', 'packages/*.ts'], { cwd: root, encoding: 'utf8' });
  const sources = listed
    .split('\n')
    .filter((file) => file !== '' && !file.endsWith('.test.ts') && existsSync(join(root, file)));
  const code = sources.map((file) => textOf(file)).join('\n');
  const quoted = pages
    .filter((page) => /^docs\/(?:guide|runbooks)\//.test(page))
    .flatMap((page) =>
      [...textOf(page).matchAll(/\blogs?\b[^.`|]*`([^`]+ [^`]+)`/g)].map(([, message = '']) => message),
    );
  expect(quoted.length).toBeGreaterThan(5);
  expect(quoted.filter((message) => !code.includes(message))).toEqual([]);
});

describe('the commands in the pages', () => {
  test('that save the output of an npm script use --silent, because npm prints its own lines', () => {
    const saving = pages.flatMap((page) => textOf(page).match(/^\s*npm run [^\n]*[^<] > [^\n]*$/gm) ?? []);
    expect(saving.length).toBeGreaterThan(0);
    expect(saving.filter((command) => !command.includes('npm run --silent'))).toEqual([]);
  });

  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const namesIn = (pattern: RegExp) => [
    ...new Set(pages.flatMap((page) => [...textOf(page).matchAll(pattern)].map(([, name = '']) => name))),
  ];

  test('name only npm scripts that package.json contains', () => {
    const used = namesIn(/\bnpm run (?:--silent )?([a-z][a-z:-]*)(?![a-z:-]| -w)/g);
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test('fit the tables of the commands: every action and every option exists', () => {
    const silent = { out: () => undefined, err: () => undefined, readFile: () => new Uint8Array() };
    const program = createProgram({ terminal: silent, exit: async () => undefined });
    const all = documentedCommands(pages.map((page) => ({ page, text: textOf(page) })));
    expect(all.length).toBeGreaterThan(40);
    const problems = all.flatMap((documented) => {
      const problem = problemOf(program, documented.args);
      return problem === null ? [] : [`${documented.page}: ${documented.args.join(' ')}: ${problem}`];
    });
    expect(problems).toEqual([]);
    const [wrong] = documentedCommands([
      { page: 'a.md', text: '`npx --no-install dispatcher replay "$RUN_KEY" --reson x`' },
    ]);
    expect(problemOf(program, wrong?.args ?? [])).toBe('unknown option --reson');
    expect(problemOf(program, ['keys', 'crate'])).toBe('unknown command crate');
  });
});
