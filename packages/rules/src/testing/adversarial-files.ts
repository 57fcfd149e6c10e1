const size = 48 * 1024;
const fill = (piece: string) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
const numbered = (line: (index: number) => string, count: number) =>
  Array.from({ length: count }, (_, n) => line(n)).join('');

const rule =
  "  - source: { workflow: a.yml, branches: ['release/**', main], events: [push] }\n    targets: [{ repository: octo/deploy, workflow: c.yml, inputs: { sha: '${{ source.head_sha }}' } }]\n";
/** A file with 250 rules, about as large as the adversarial ones. */
export const ordinaryFile = `outbound:\n${rule.repeat(250)}`;

/** Files that are built to be as expensive to read as possible, by what they consist of. */
export const adversarialFiles: Record<string, string> = {
  '2 KB of opening brackets': '['.repeat(2048),
  'only opening brackets': fill('['),
  'only opening braces': fill('{'),
  'only list dashes': fill('- '),
  'only explicit keys': fill('? '),
  'ever deeper indentation': numbered((n) => `${' '.repeat(n)}a:\n`, 600),
  '20,000 keys in one map': numbered((n) => `k${n}: 1\n`, 20_000),
  '20,000 equal keys in one map': 'k: 1\n'.repeat(20_000),
  'a billion laughs': `a0: &a0 [x]\n${numbered((n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}*a${n}]\n`, 30)}`,
  'only aliases': fill('[*a]\n').replace('[*a]', 'a: ['),
  'only anchors': numbered((n) => `k${n}: &a${n} 1\n`, 4000),
  'only documents': fill('---\n'),
  'only directives': fill('%YAML 1.2\n'),
  'only comments': fill('# x\n'),
  'only newlines': fill('\n'),
  'only spaces': fill(' '),
  'only tabs': fill('\t'),
  'only commas in a list': `[${fill(',')}`,
  'only colons': fill(': '),
  'only quotes': fill('"'),
  'one long quoted text of folded lines': `a: "${fill('x\n\n')}"`,
  'one long plain text of folded lines': `a: ${fill('x\n  ')}`,
  'one long block text': `a: |\n${fill('  x\n')}`,
  'a block text with ever longer blank lines': `a: >\n${numbered((n) => `${' '.repeat(n % 400)}\n`, 1000)}`,
  'only backslashes': `a: "${fill('\\')}`,
  'only tags': fill('!!x '),
  'a list of empty maps': `[${fill('{},')}]`,
  'empty maps in a list': `outbound:\n${fill('  - {}\n')}`,
  'one rule with 1,500 targets': `outbound:\n  - source: { workflow: a.yml }\n    targets:\n${'      - { repository: a, x: 1 }\n'.repeat(1500)}`,
  'templates that are not closed': `outbound: ['${fill('${{ ')}']`,
  'patterns that are compared with Git’s rules for names': `outbound: [{ source: { workflow: a.yml, branches: [${fill("'a*@[a-z]a*@[a-z]a*@[a-z]a*@[a-z]a*@[a-z]a*@[a-z]a*@[a-z]', ")}`,
  'rules for the same route with different patterns': `outbound:\n${numbered((n) => `  - source: { workflow: a.yml, branches: ['*${'a'.repeat(90)}${n}', ${'a'.repeat(90)}${n}] }\n    targets: [{ repository: b, workflow: c.yml }]\n`, 180)}`,
  'a list of names and exclusions': `outbound: [{ source: { workflow: a.yml, branches: [${numbered((n) => `b${n}, '!*c${n}', `, 2500)} z] }, targets: [{ repository: b, workflow: c.yml }] }]`,
  'many inputs': `outbound: [{ targets: [{ inputs: { ${numbered((n) => `i${n}: x, `, 5000)} } }] }]`,
};
