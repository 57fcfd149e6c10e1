import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import MarkdownIt, { type Token } from 'markdown-it';
import type { Plugin } from 'vite';

// Renders the pages of docs/runbooks for the dashboard, so that it shows those of the version that is running.

export const runbooksDirectory = fileURLToPath(new URL('../../../docs/runbooks', import.meta.url));

/** Returns the file names of all runbooks. */
export const runbookNames = (): readonly string[] =>
  readdirSync(runbooksDirectory).filter((name) => name.endsWith('.md'));

/** Text, or an element with what it contains. */
export type RunbookNode = string | RunbookElement;

export interface RunbookElement {
  /** The name of the HTML element; `a` has one of `href` and `runbook`. */
  readonly tag: string;
  /** The anchor of a heading. */
  readonly id?: string;
  /** The address of another site. */
  readonly href?: string;
  /** A runbook and its heading: `alarms.md#outdated-data`. */
  readonly runbook?: string;
  readonly children: readonly RunbookNode[];
}

export interface Runbook {
  readonly title: string;
  readonly content: readonly RunbookNode[];
}

type Link = Pick<RunbookElement, 'href' | 'runbook'>;
/** Returns where a link leads to; null if it leads to a page that the dashboard does not have. */
type ResolveLink = (href: string) => Link | null;

const markdown = new MarkdownIt({ html: false });

/** Renders a runbook. @param name its file name @param names the file names of all runbooks @throws Error without a title */
export function renderRunbook(text: string, name: string, names: readonly string[]): Runbook {
  const resolve: ResolveLink = (href) => {
    if (/^https?:/.test(href)) return { href };
    const runbook = href.startsWith('#') ? name + href : href;
    return names.includes(runbook.replace(/#.*/, '')) ? { runbook } : null;
  };
  const [heading, ...content] = nodesUntilEnd(markdown.parse(text, {}).values(), resolve);
  if (typeof heading !== 'object' || heading.tag !== 'h1') throw new Error(`${name} does not begin with a title.`);
  return { title: textOf(heading.children), content };
}

/** Reads tokens up to the one that closes the element which was opened before them. */
function nodesUntilEnd(tokens: Iterator<Token, undefined>, resolve: ResolveLink): readonly RunbookNode[] {
  const nodes: RunbookNode[] = [];
  for (let token = tokens.next().value; token !== undefined && token.nesting !== -1; token = tokens.next().value) {
    nodes.push(
      ...(token.nesting === 1 ? opened(token, nodesUntilEnd(tokens, resolve), resolve) : leaf(token, resolve)),
    );
  }
  return nodes;
}

function opened(token: Token, children: readonly RunbookNode[], resolve: ResolveLink): readonly RunbookNode[] {
  const { tag, type, hidden } = token;
  // The paragraphs of a list whose items are one line each.
  if (hidden) return children;
  if (type === 'heading_open') return [{ tag, id: anchorOf(textOf(children)), children }];
  if (type !== 'link_open') return [{ tag, children }];
  const link = resolve(String(token.attrGet('href')));
  return link === null ? children : [{ tag, ...link, children }];
}

function leaf({ type, tag, content, children }: Token, resolve: ResolveLink): readonly RunbookNode[] {
  if (type === 'inline') return nodesUntilEnd((children ?? []).values(), resolve);
  if (type === 'text') return [content];
  if (type === 'softbreak') return [' '];
  if (type === 'fence' || type === 'code_block') return [{ tag: 'pre', children: [content.replace(/\n$/, '')] }];
  return [{ tag, children: content === '' ? [] : [content] }];
}

const textOf = (nodes: readonly RunbookNode[]): string =>
  nodes.map((node) => (typeof node === 'string' ? node : textOf(node.children))).join('');

/** Returns the anchor that GitHub gives to a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');

/** Makes a module of each runbook that is imported. */
export const runbooks: Plugin = {
  name: 'runbooks',
  transform: {
    filter: { id: /\.md$/ },
    handler: (text, file) => {
      if (dirname(file) !== runbooksDirectory) return null;
      const runbook = renderRunbook(text, basename(file), runbookNames());
      return { code: `export default ${JSON.stringify(runbook)}`, map: null, moduleType: 'js' };
    },
  },
};
