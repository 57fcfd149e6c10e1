import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { EmulatorContext } from '../server/context.ts';
import type { Commit, Repository } from '../state/entities.ts';
import { type FileContent, type GitNode, isBinary, nodeAt, type TreeNode } from '../state/git-objects.ts';
import { findRef, resolveCommit } from '../state/refs.ts';
import { changedLines } from './changed-lines.ts';
import { html, type Html } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { emptyState, label, pathAt, pathOfRepository, sendNotFound, sendPage, time } from './page.ts';

export interface RepositoryRoute {
  Params: { owner: string; repo: string; '*': string; sha: string; id: string; number: string; workflow: string };
}

export function repositoryOf(context: EmulatorContext, { params }: FastifyRequest<RepositoryRoute>): Repository | null {
  return context.store.repository(params.owner, params.repo) ?? null;
}

/** Adds the pages of a repository's files and commits. */
export function addRepositoryPages(app: FastifyInstance, context: EmulatorContext): void {
  app.get<RepositoryRoute>('/:owner/:repo', (request, reply) => {
    const repository = repositoryOf(context, request);
    if (repository === null) return sendNotFound(context, request, reply);
    const body = overview(context, repository);
    return sendPage(context, reply, { title: request.url.slice(1), repository, tab: 'code', body });
  });
  for (const kind of ['tree', 'blob', 'commits'] as const) {
    app.get<RepositoryRoute>(`/:owner/:repo/${kind}/*`, (request, reply) => {
      const repository = repositoryOf(context, request);
      const at = repository === null ? null : locate(repository, request.params['*']);
      const body = repository === null || at === null ? null : contentOf(context, repository, kind, at);
      if (repository === null || body === null) return sendNotFound(context, request, reply);
      return sendPage(context, reply, { title: request.params['*'], repository, tab: 'code', body });
    });
  }
  app.get<RepositoryRoute>('/:owner/:repo/commit/:sha', (request, reply) => {
    const repository = repositoryOf(context, request);
    const commit = repository?.commits[resolveCommit(repository, request.params.sha) ?? ''];
    if (repository === null || commit === undefined) return sendNotFound(context, request, reply);
    const body = commitBody(repository, commit);
    return sendPage(context, reply, { title: commit.message, repository, tab: 'code', body });
  });
}

interface Location {
  readonly ref: string;
  readonly commit: Commit;
  readonly path: string;
}

/** Splits `feature/x/docs/a.md` into the ref and the path: the longest name of a ref counts. */
function locate(repository: Repository, text: string): Location | null {
  const parts = text.split('/').filter((part) => part !== '');
  for (let length = parts.length; length > 0; length -= 1) {
    const ref = parts.slice(0, length).join('/');
    const commit = repository.commits[findRef(repository, ref)?.oid ?? ref];
    if (commit !== undefined) return { ref, commit, path: parts.slice(length).join('/') };
  }
  return null;
}

function overview(context: EmulatorContext, repository: Repository): Html {
  const head = repository.commits[repository.branches[repository.defaultBranch] ?? ''];
  const name = html`<h1>${repository.owner}/${repository.name}</h1>`;
  if (head === undefined) return html`${name}${emptyState('This repository is empty.')}`;
  const at = { ref: repository.defaultBranch, commit: head, path: '' };
  const refs = (kind: string, names: readonly string[]) =>
    html`<h2>${kind}</h2>${
      names.length === 0
        ? html`<p class="muted">None</p>`
        : html`<ul>${names.map(
            (one) =>
              html`<li><a href="${pathAt(repository, 'tree', one)}">${one}</a>${one === repository.defaultBranch ? html` ${label('default')}` : null}</li>`,
          )}</ul>`
    }`;
  const installation = context.store.installationOn(repository);
  return html`${name}<div class="columns"><div>${folder(context, repository, at)}${readme(head)}</div>
    <aside aria-label="About"><h2>About</h2>
    <p class="muted">${installation === undefined ? 'The App is not installed here.' : `The App is installed here (installation ${installation.id}${installation.suspendedAt === null ? '' : ', suspended'}).`}</p>
    ${refs('Branches', Object.keys(repository.branches))}${refs('Tags', Object.keys(repository.tags))}</aside></div>`;
}

function readme(commit: Commit): Html | null {
  const text = commit.files['README.md'];
  return typeof text !== 'string'
    ? null
    : html`<section class="box" aria-label="README"><div class="title">README.md</div><div class="body">${renderMarkdown(text)}</div></section>`;
}

function contentOf(
  context: EmulatorContext,
  repository: Repository,
  kind: 'tree' | 'blob' | 'commits',
  at: Location,
): Html | null {
  const heading = html`<h1>${pathLinks(repository, at)}</h1>`;
  if (kind === 'commits') return html`${heading}${commitList(repository, at)}`;
  const node = nodeAt(context.store.tree(at.commit.files), at.path);
  if (node === null || (kind === 'tree') !== (node.type === 'tree')) return null;
  return html`${heading}${node.type === 'tree' ? folder(context, repository, at) : file(node)}`;
}

function pathLinks(repository: Repository, { ref, path }: Location): Html {
  const parts = path.split('/').filter((part) => part !== '');
  const links = parts.map((part, index) => {
    const isLast = index === parts.length - 1;
    return html` / ${isLast ? html`<strong>${part}</strong>` : html`<a href="${pathAt(repository, 'tree', ref, parts.slice(0, index + 1).join('/'))}">${part}</a>`}`;
  });
  return html`<a href="${pathAt(repository, 'tree', ref)}">${repository.name}</a>${links} ${label(ref)}`;
}

function folder(context: EmulatorContext, repository: Repository, { ref, commit, path }: Location): Html {
  const node = nodeAt(context.store.tree(commit.files), path) as TreeNode;
  const entries = [...node.entries].sort(
    ([, left], [, right]) => Number(right.type === 'tree') - Number(left.type === 'tree'),
  );
  const items = entries.map(([name, child]) => {
    const href = pathAt(repository, child.type === 'tree' ? 'tree' : 'blob', ref, `${path}/${name}`);
    return html`<li><span class="main"><a href="${href}">${name}${child.type === 'tree' ? '/' : ''}</a></span></li>`;
  });
  return html`<ul class="box"><li class="title">${commitLine(repository, commit)} <a href="${pathAt(repository, 'commits', ref)}">Commits</a></li>${items}</ul>`;
}

export function commitLine(repository: Repository, { oid, message, committedAt }: Commit): Html {
  const path = `${pathOfRepository(repository)}/commit/${oid}`;
  return html`<span class="main"><a href="${path}">${message.split('\n', 1)[0] ?? ''}</a> <span class="meta"><code>${oid.slice(0, 7)}</code> ${time(committedAt)}</span></span>`;
}

function file(node: GitNode): Html {
  if (node.type !== 'blob') return emptyState(`A submodule at commit ${node.oid}.`);
  if (isBinary(node.bytes)) return emptyState(`A binary file of ${node.bytes.length} bytes.`);
  const lines = node.bytes
    .toString('utf8')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  const rows = lines.map(
    (line, index) => html`<tr id="L${index + 1}"><th scope="row">${index + 1}</th><td>${line}</td></tr>`,
  );
  const title = `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}, ${node.bytes.length} bytes`;
  return html`<div class="box"><div class="title">${title}</div><div class="scroll" tabindex="0" role="region" aria-label="File"><table class="file"><tbody>${rows}</tbody></table></div></div>`;
}

function commitList(repository: Repository, { commit }: Location): Html {
  const items: Html[] = [];
  for (
    let next: Commit | undefined = commit;
    next !== undefined && items.length < 100;
    next = repository.commits[next.parent ?? '']
  ) {
    items.push(html`<li>${commitLine(repository, next)}</li>`);
  }
  return html`<ul class="box">${items}</ul>`;
}

function commitBody(repository: Repository, commit: Commit): Html {
  const path = pathOfRepository(repository);
  const before = repository.commits[commit.parent ?? '']?.files ?? {};
  const names = [...new Set([...Object.keys(before), ...Object.keys(commit.files)])].sort();
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(commit.files[name]));
  const parents = [commit.parent, ...(commit.mergedParents ?? [])].filter((oid) => oid !== null);
  return html`<h1>${commit.message}</h1>
    <p class="meta">Commit <code>${commit.oid}</code>, ${time(commit.committedAt)}${parents.map(
      (oid) => html`, parent <a href="${path}/commit/${oid}"><code>${oid.slice(0, 7)}</code></a>`,
    )}. <a href="${path}/commit/${commit.oid}/checks">Checks</a>, <a href="${pathAt(repository, 'tree', commit.oid)}">files</a></p>
    <h2>${changed.length} changed ${changed.length === 1 ? 'file' : 'files'}</h2>
    ${changed.map((name) => changedFile(name, before[name], commit.files[name]))}`;
}

function changedFile(name: string, before: FileContent | undefined, after: FileContent | undefined): Html {
  const rows = changedLines(textOf(before), textOf(after)).map(
    ({ sign, text }) =>
      html`<tr class="${sign === '+' ? 'added' : sign === '-' ? 'removed' : ''}"><th>${sign}</th><td>${text}</td></tr>`,
  );
  return html`<div class="box"><div class="title">${name}</div><div class="scroll" tabindex="0" role="region" aria-label="Changes of ${name}"><table class="file"><tbody>${rows}</tbody></table></div></div>`;
}

function textOf(content: FileContent | undefined): string {
  if (content === undefined || typeof content === 'string') return content ?? '';
  return `${JSON.stringify(content)}\n`;
}
