import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lint, lintFiles } from './lint-prose.ts';
import { everyday, type Rule, rules } from './lint-prose.words.ts';

const parts = (example: string): string[] => example.split(/[ -]/);
const kebab = (example: string): string => parts(example).join('-');
const snake = (example: string): string => parts(example).join('_');
const camel = (example: string): string =>
  parts(example)
    .map((part, index) => (index === 0 ? part : part[0]?.toUpperCase() + part.slice(1)))
    .join('');

interface Sample {
  readonly what: string;
  readonly file: string;
  readonly text: string;
}

const inProse = (example: string): Sample[] => [
  { what: 'a page', file: 'docs/page.md', text: `# Title\n\nA sentence: ${example}, and more.\n` },
  { what: 'a page, broken over lines', file: 'docs/page.md', text: `One: ${example.replaceAll(' ', '\n')} two.\n` },
  { what: 'a comment', file: 'src/code.ts', text: `const a = 1;\n// One: ${example} two.\nconst b = 2;\n` },
  {
    what: 'a comment, broken over lines',
    file: 'src/code.ts',
    text: `  // One: ${example.replaceAll(' ', '\n  // ')} two.\n`,
  },
  {
    what: 'a doc comment, broken over lines',
    file: 'src/code.ts',
    text: `/**\n * One: ${example.replaceAll(' ', '\n * ')} two.\n */\n`,
  },
  { what: 'a message', file: 'src/code.ts', text: `throw new Error("One: ${example.replaceAll('"', "'")} two.");\n` },
  { what: 'a template', file: 'src/code.mjs', text: `say(\`\${a + '}'} ${example.replaceAll('`', '')} \${b}\`);\n` },
  { what: 'a description', file: 'main.tf', text: `  description = "One: ${example} two."\n` },
  { what: 'a test of Terraform', file: 'main.tftest.hcl', text: `# One: ${example} two.\n` },
  { what: 'a pipeline', file: '.github/workflows/ci.yml', text: `      - name: One ${example} two\n` },
  { what: 'a shell script', file: 'scripts/run.sh', text: `# One: ${example} two.\n` },
];

const inNames = (example: string): Sample[] => [
  { what: 'an identifier', file: 'src/code.ts', text: `const a = b.${camel(example)};\n` },
  { what: 'a constant', file: 'src/code.ts', text: `const ${snake(example).toUpperCase()} = 1;\n` },
  { what: 'a hole of a template', file: 'src/code.ts', text: `const a = \`one \${${camel(example)}} two\`;\n` },
  { what: 'a one-word string', file: 'src/code.ts', text: `const a = '${kebab(example)}';\n` },
  { what: 'a name in a page', file: 'docs/page.md', text: `Set \`${camel(example)}\` first.\n` },
  { what: 'a file name', file: `src/${kebab(example)}.ts`, text: '' },
  { what: 'a folder name', file: `src/${kebab(example)}/code.ts`, text: '' },
];

const inCode = (example: string): Sample[] => [
  { what: 'code', file: 'src/code.ts', text: `const a = '';\n${example}\n` },
  { what: 'code in a page', file: 'docs/page.md', text: `As follows:\n\n\`\`\`ts\n${example}\n\`\`\`\n` },
];

const samplesOf: Readonly<Record<Rule['scope'], (example: string) => Sample[]>> = {
  everywhere: (example) => [...inProse(example), ...inNames(example)],
  prose: inProse,
  names: inNames,
  code: inCode,
  files: (example) => [{ what: 'a file name', file: `src/${example}`, text: '' }],
};

const cases = rules.flatMap((rule) =>
  rule.examples.flatMap((example) =>
    samplesOf[rule.scope](example).map((sample) => ({
      ...sample,
      example,
      file: rule.where === undefined ? sample.file : `packages/chaos/${sample.file}`,
    })),
  ),
);

describe('an old word is refused', () => {
  test('every rule has an example', () => {
    expect(rules.filter(({ examples }) => examples.length === 0)).toEqual([]);
  });

  test.each(cases)('$example in $what', ({ file, text }) => {
    expect(lint(file, text)).not.toEqual([]);
  });
});

describe('the glossary of docs/style.md', () => {
  const page: string = readFileSync(new URL('../docs/style.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('| say | not |')).split('\n\n')[0] ?? '';
  const words: readonly string[] = table
    .split('\n')
    .slice(2)
    .flatMap((row) => (row.split(' | ')[1] ?? '').split(', '))
    .map((word) => word.replaceAll('`', '').trim())
    .filter((word) => word !== '–');

  test('contains every word that the linter lists as everyday English', () => {
    expect(words.length).toBeGreaterThan(50);
    expect(everyday.filter((word) => !words.includes(word))).toEqual([]);
  });

  const refused = words.filter((word) => !everyday.includes(word)).map((word) => ({ word }));
  test.each(refused)('$word is refused in a name or in a sentence', ({ word }: { readonly word: string }) => {
    // `most…` stands for the names that begin so.
    const name = camel(word.replace('…', ' pages'));
    const found = [...lint('src/code.ts', `const a = b.${name};\n`), ...lint('docs/page.md', `One: ${word}.\n`)];
    expect([...found, ...lint('src/code.ts', `throw new ${word};\n`)]).not.toEqual([]);
  });
});

describe('innocent text passes', () => {
  test.each([
    'The dead letter returns to its queue; dead letters older than 14 days expire. `deadLetterId`, `dead-letters`.',
    'A name has letters and digits, in capital letters, or a letter or digit.',
    'A rule line acts on one line. In turn, drop the free slot, read it back again, and take the answer.',
    'There is no endpoint, where there are no runs, and it is no longer used. It is no more than a hint.',
    'Events of the bus reach the queue `facts`; the queue `undelivered-events` holds the rest.',
    'Recommend an amendment. The origin of a request; the readings of a meter. A held lock went through.',
    'Try again later, or look elsewhere. Dispatch again with `dispatch-again`, which is `dispatchAgain` in code.',
    'The most recent run is `mostRecent`. A deferred message, a permanent error, `DeferError`, `PermanentError`.',
    'You can tell them apart. The world and its people have stories. An inline style, `inline`.',
    'Hello, `act()` and `act(): void`; `response`, `maxPages`, `minMs`, `latestRun`, `isActive`, `turnOff`.',
  ])('%s', (text) => {
    expect(lint('docs/page.md', text)).toEqual([]);
    expect(lint('src/code.ts', `/** ${text} */\nthrow new Error(${JSON.stringify(text)});\n`)).toEqual([]);
  });

  test('a name is not a sentence: code next to a string is not linted as one text with it', () => {
    expect(lint('src/code.ts', "const one = 'a set of'; const ours = 'tell'.length + ' of ';")).toHaveLength(1);
  });

  test.each([
    'const EAI_AGAIN = 1;',
    'class StoreError extends Error {}',
    'const reader = /\\/\\/ `[\'"]/.exec(a / b);',
  ])('%s', (text) => {
    expect(lint('src/code.ts', text)).toEqual([]);
  });
});

describe('a finding', () => {
  test('names the line, what was found and what to write, in the case of the name', () => {
    const text = "const a = 1;\nconst letterId = LETTERS_URL + Letter.of('letter-reason');\n";
    expect(lint('src/code.ts', text)).toEqual([
      { line: 2, found: 'letterId', say: '"deadLetterId"' },
      { line: 2, found: 'LETTERS_URL', say: '"DEAD_LETTERS_URL"' },
      { line: 2, found: 'Letter', say: '"DeadLetter"' },
      { line: 2, found: 'letter-reason', say: '"dead-letter-reason"' },
    ]);
  });

  test('the command lints only the given paths, and skips fixtures', () => {
    const root = mkdtempSync(join(tmpdir(), 'lint-prose-'));
    try {
      const write = (file: string, text: string) => {
        mkdirSync(dirname(join(root, file)), { recursive: true });
        writeFileSync(join(root, file), text);
      };
      write('docs/page.md', 'One.\nThe letterId.\n');
      write('src/code.ts', 'const letterId = 1;\n');
      write('docs/fixtures/page.md', 'The letterId.\n');
      execFileSync('git', ['init', '--quiet'], { cwd: root });
      expect(lintFiles(root, ['docs'])).toEqual({
        files: 1,
        findings: ['docs/page.md:2: "letterId": write "deadLetterId" (docs/style.md)'],
      });
      expect(lintFiles(root, []).findings).toHaveLength(2);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
