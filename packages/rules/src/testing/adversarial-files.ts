const size = 48 * 1024;
const fill = (piece: string) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
const numbered = (line: (index: number) => string, count: number) =>
  Array.from({ length: count }, (_, n) => line(n)).join('');

const rule =
  "  - source: { workflow: a.yml, branches: ['release/**', main], events: [push] }\n    targets: [{ repository: octo/deploy, workflow: c.yml, inputs: { sha: '${{ source.head_sha }}' } }]\n";
/** A file of 250 rules, about as large as the hostile ones. */
export const harmless = `outbound:\n${rule.repeat(250)}`;

/** Files that mean nothing and are made to cost as much as they can, by what they are made of. */
export const hostile: Record<string, string> = {
  '2 KB of opening brackets': '['.repeat(2048),
  'nothing but opening brackets': fill('['),
  'nothing but opening braces': fill('{'),
  'nothing but list dashes': fill('- '),
  'nothing but explicit keys': fill('? '),
  'ever deeper indentation': numbered((n) => `${' '.repeat(n)}a:\n`, 600),
  '20,000 keys in one map': numbered((n) => `k${n}: 1\n`, 20_000),
  '20,000 equal keys in one map': 'k: 1\n'.repeat(20_000),
  'a billion laughs': `a0: &a0 [x]\n${numbered((n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}*a${n}]\n`, 30)}`,
  'nothing but aliases': fill('[*a]\n').replace('[*a]', 'a: ['),
  'nothing but anchors': numbered((n) => `k${n}: &a${n} 1\n`, 4000),
  'nothing but documents': fill('---\n'),
  'nothing but directives': fill('%YAML 1.2\n'),
  'nothing but comments': fill('# x\n'),
  'nothing but newlines': fill('\n'),
  'nothing but spaces': fill(' '),
  'nothing but tabs': fill('\t'),
  'nothing but commas in a list': `[${fill(',')}`,
  'nothing but colons': fill(': '),
  'nothing but quotes': fill('"'),
  'one long quoted text of folded lines': `a: "${fill('x\n\n')}"`,
  'one long plain text of folded lines': `a: ${fill('x\n  ')}`,
  'one long block text': `a: |\n${fill('  x\n')}`,
  'a block text with ever longer blank lines': `a: >\n${numbered((n) => `${' '.repeat(n % 400)}\n`, 1000)}`,
  'nothing but backslashes': `a: "${fill('\\')}`,
  'nothing but tags': fill('!!x '),
  'a list of empty maps': `[${fill('{},')}]`,
  'empty maps in a list': `outbound:\n${fill('  - {}\n')}`,
  'one rule with 1,500 targets': `outbound:\n  - source: { workflow: a.yml }\n    targets:\n${'      - { repository: a, x: 1 }\n'.repeat(1500)}`,
  'templates that are not closed': `outbound: ['${fill('${{ ')}']`,
  'many inputs': `outbound: [{ targets: [{ inputs: { ${numbered((n) => `i${n}: x, `, 5000)} } }] }]`,
};
