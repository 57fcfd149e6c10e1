// Refuses the words that the glossary of docs/style.md replaces: in pages, comments, messages, names and file names.
//
//   npm run lint:prose                    every file of the repository
//   npm run lint:prose -- docs README.md  these files and folders
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exempt, foreignNames, type Rule, rules, type Scope } from './lint-prose.words.ts';

export interface Finding {
  readonly line: number;
  readonly found: string;
  readonly say: string;
}

/** One text, twice, at equal offsets: what is not prose, or not code, is replaced by NUL; line breaks stay. */
interface Layers {
  readonly prose: string;
  readonly code: string;
}

const linted = /\.(?:md|ts|tsx|mjs|cjs|tf|hcl|ya?ml|sh)$|^\.ci\/run$|^Dockerfile$|^\.env\.example$/;
const skipped = /(?:^|\/)(?:fixtures|node_modules|dist)\//;

const blank = (text: string): string => text.replaceAll(/\S/g, '\0');

/** Comments, strings, templates and regular expressions of TypeScript or JavaScript, by one pattern for each. */
const literals =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`|(?<=[(,=:[!&|?{};+>]\s*|\b(?:return|of|case)\s+|^\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*/gm;

/** The end of a template literal that begins at `start`, and the ranges of its `${…}` within. */
function templateAt(
  text: string,
  start: number,
): { readonly end: number; readonly holes: readonly [number, number][] } {
  const holes: [number, number][] = [];
  let at = start + 1;
  while (at < text.length && text[at] !== '`') {
    if (text[at] === '\\') at += 2;
    else if (text.startsWith('${', at)) {
      const end = holeEnd(text, at + 2);
      holes.push([at + 2, end]);
      at = end + 1;
    } else at += 1;
  }
  return { end: at + 1, holes };
}

function holeEnd(text: string, start: number): number {
  let depth = 1;
  let at = start;
  while (at < text.length) {
    const char = text[at];
    if (char === '`') {
      at = templateAt(text, at).end;
      continue;
    }
    if (char === "'" || char === '"') {
      const close = text.slice(at + 1).search(char === "'" ? /(?<!\\)'/ : /(?<!\\)"/);
      at += close + 2;
      continue;
    }
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    if (depth === 0) return at;
    at += 1;
  }
  return at;
}

function layersOfScript(text: string): Layers {
  let prose = '';
  let code = '';
  const asCode = (part: string) => {
    code += part;
    prose += blank(part);
  };
  const asProse = (part: string) => {
    prose += part;
    // A string of one word is a name: a field, a code, a path.
    code += /^['"`/]|^$/.test(part) && !/^\/[/*]/.test(part) && !/\s/.test(part) ? part : blank(part);
  };
  let at = 0;
  literals.lastIndex = 0;
  for (let match = literals.exec(text); match !== null; match = literals.exec(text)) {
    asCode(text.slice(at, match.index));
    at = match.index;
    if (match[0] === '`') {
      const { end, holes } = templateAt(text, at);
      for (const [from, to] of holes) {
        asProse(text.slice(at, from));
        const inner = layersOfScript(text.slice(from, to));
        literals.lastIndex = 0;
        prose += inner.prose;
        code += inner.code;
        at = to;
      }
      asProse(text.slice(at, end));
      at = end;
    } else {
      asProse(match[0]);
      at += match[0].length;
    }
    literals.lastIndex = at;
  }
  asCode(text.slice(at));
  return { prose, code };
}

/** In a page a name in backticks, and a fence of TypeScript, JavaScript or JSON, is code as well as prose. */
function layersOfPage(text: string): Layers {
  let code = '';
  let at = 0;
  for (const { 0: part, index } of text.matchAll(/^ *```(?:ts|js|json)\b[\s\S]*?^ *```|`[^`\s]+`/gm)) {
    code += blank(text.slice(at, index)) + part;
    at = index + part.length;
  }
  return { prose: text, code: code + blank(text.slice(at)) };
}

function layersOf(file: string, text: string): Layers {
  if (/\.(?:tsx?|[mc]js)$/.test(file)) return layersOfScript(text);
  return file.endsWith('.md') ? layersOfPage(text) : { prose: text, code: blank(text) };
}

/** Returns the words of a name: `queueUrl`, `QUEUE_URL` and `queue-url` are all `queue url`. */
function wordsOf(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replaceAll(/[_$.-]+/g, ' ')
    .trim()
    .toLowerCase();
}

/** Writes words in the case of `name`: `queue url` as `queueUrl`, `QueueUrl`, `QUEUE_URL` or `queue-url`. */
function inCaseOf(name: string, words: string): string {
  if (/^[A-Z0-9_]+$/.test(name) && name.length > 1) return words.toUpperCase().replaceAll(' ', '_');
  if (name.includes('_')) return words.replaceAll(' ', '_');
  if (name.includes('-')) return words.replaceAll(' ', '-');
  const camel = words.replaceAll(/ (\w)/g, (_, first: string) => first.toUpperCase());
  return /^[A-Z]/.test(name) ? camel[0]?.toUpperCase() + camel.slice(1) : camel;
}

const isPlain = (say: string): boolean =>
  /^[a-z]+(?: [a-z]+)*$/.test(say) && !/ or /.test(say) && !say.startsWith('a name');
const quoted = (say: string): string => `"${say}"`;

const proseOf = (rule: Rule): RegExp => new RegExp(rule.refuse.source.replaceAll(' ', String.raw`[\s*/#>]+`), 'gi');
const matchers = rules.map((rule) => ({
  rule,
  prose: proseOf(rule),
  name: new RegExp(rule.refuse.source, 'i'),
  code: new RegExp(rule.refuse.source, 'gm'),
}));

function inScope(file: string, ...scopes: readonly Scope[]) {
  return matchers.filter(({ rule }) => scopes.includes(rule.scope) && (rule.where?.test(file) ?? true));
}

const inNumberOf = (match: string, say: string): string => (/[^s]s$/.test(match) ? `${say}s` : say);

/** What the names rules refuse of one name. */
function refusedName(file: string, name: string): string | undefined {
  if (foreignNames.includes(name)) return undefined;
  const words = wordsOf(name);
  for (const { rule, name: pattern } of inScope(file, 'everywhere', 'names')) {
    if (!pattern.test(words)) continue;
    const replaced = words.replace(pattern, (match) => inNumberOf(match, rule.say));
    return isPlain(rule.say) ? quoted(inCaseOf(name, replaced)) : rule.say;
  }
  return undefined;
}

const isCoded = (name: string): boolean => /[a-z0-9][A-Z]|_/.test(name);

/** Lints one text under the rules for its kind of file; the file's name is linted too. */
export function lint(file: string, text: string): Finding[] {
  const { prose, code } = layersOf(file, text);
  const found = new Map<string, Finding & { readonly at: number }>();
  const add = (at: number, what: string, say: string) => {
    const line = text.slice(0, at).split('\n').length;
    const shown = what.replaceAll(/[\s*/#>]+/g, ' ').trim();
    // One finding for one place: a name that the prose rules find as well is the same.
    if (![...found.values()].some((each) => each.at <= at && at < each.at + each.found.length)) {
      found.set(`${at}`, { at, line, found: shown, say });
    }
  };
  for (const [layer, all] of [
    [code, true],
    [prose, false],
  ] as const) {
    for (const { 0: name, index } of layer.matchAll(/[A-Za-z_$][\w$]*(?:-[A-Za-z][\w$]*)*/g)) {
      const say = all || isCoded(name) ? refusedName(file, name) : undefined;
      if (say !== undefined) add(index, name, say);
    }
  }
  for (const { rule, code: pattern } of inScope(file, 'code')) {
    for (const { 0: match, index } of code.matchAll(pattern)) add(index, match, rule.say);
  }
  for (const { rule, prose: pattern } of inScope(file, 'everywhere', 'prose')) {
    for (const { 0: match, index } of prose.matchAll(pattern)) {
      add(index, match, isPlain(rule.say) ? quoted(inNumberOf(match, rule.say)) : rule.say);
    }
  }
  return [...lintName(file), ...[...found.values()].sort((one, other) => one.at - other.at)].map(
    ({ line, found: what, say }) => ({ line, found: what, say }),
  );
}

/** Lints the parts of a path. */
function lintName(file: string): Finding[] {
  const parts = file.split('/');
  const base = basename(file);
  const names = parts.flatMap((part) => {
    const say = refusedName(file, part.replace(/(?:\.test)?\.\w+$/, ''));
    return say === undefined ? [] : [{ line: 1, found: part, say }];
  });
  const files = inScope(file, 'files').filter(({ rule }) => rule.refuse.test(base));
  return [...names, ...files.map(({ rule }) => ({ line: 1, found: base, say: rule.say }))];
}

/** Lints the files of a repository below the given paths, or all. */
export function lintFiles(
  root: string,
  paths: readonly string[],
): { readonly files: number; readonly findings: string[] } {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...paths];
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8', maxBuffer: 1e8 })
    .split('\n')
    .filter(
      (file) => linted.test(file) && !skipped.test(file) && !exempt.includes(file) && existsSync(join(root, file)),
    );
  const findings = files.flatMap((file) =>
    lint(file, readFileSync(join(root, file), 'utf8')).map(
      ({ line, found, say }) => `${file}:${line}: "${found}": write ${say} (docs/style.md)`,
    ),
  );
  return { files: files.length, findings };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, findings } = lintFiles(process.cwd(), process.argv.slice(2));
  for (const finding of findings) console.error(finding);
  if (findings.length > 0) {
    console.error(`prose: ${findings.length} findings in ${files} files`);
    process.exitCode = 1;
  } else console.log(`prose: ${files} files linted, ${files} passed`);
}
