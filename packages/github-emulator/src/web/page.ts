import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../common/api-error.ts';
import type { EmulatorContext } from '../server/context.ts';
import type { Repository } from '../state/entities.ts';
import { sameName } from '../state/state-store.ts';
import { html, Html } from './html.ts';
import { STYLE, STYLE_HASH } from './style.ts';

export interface Page {
  readonly title: string;
  /** Shown with its tabs above the body. */
  readonly repository?: Repository;
  readonly tab?: 'code' | 'issues' | 'actions';
  readonly body: Html;
}

/** Sets the content type and returns a page. The policy allows no script, whatever the content of a repository is. */
export function sendPage(context: EmulatorContext | null, reply: FastifyReply, page: Page): string {
  void reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'`)
    .header('cache-control', 'no-store');
  return renderDocument(context, page).text;
}

/** Returns a page that a person sees, or GitHub's response of the API, which is served at the same address. */
export function sendNotFound(context: EmulatorContext, request: FastifyRequest, reply: FastifyReply): string {
  if (!String(request.headers.accept).includes('text/html')) throw notFound();
  void reply.code(404);
  const body = html`<h1>Page not found</h1>
    <p>The GitHub emulator has nothing at <code>${request.url}</code>.</p>
    <p><a href="/">All repositories of this emulator</a></p>`;
  return sendPage(context, reply, { title: 'Page not found', body });
}

function renderDocument(context: EmulatorContext | null, { title, repository, tab, body }: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · GitHub emulator</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header><a href="/">GitHub emulator</a> <span>Local stand-in for github.com</span></header>
${context === null || repository === undefined ? null : repositoryHead(context, repository, tab)}
<main id="content">
${body}
</main>
</body>
</html>
`;
}

function repositoryHead(context: EmulatorContext, repository: Repository, tab: Page['tab']): Html {
  const path = pathOfRepository(repository);
  const openIssues = context.store.state.issues.filter(
    ({ repositoryId, state }) => repositoryId === repository.id && state === 'open',
  ).length;
  const item = (name: Page['tab'], label: string, href: string, count: number | null) =>
    html`<li><a href="${href}"${name === tab ? html` aria-current="page"` : null}>${label}${
      count === null ? null : html` <span class="count">${count}</span>`
    }</a></li>`;
  return html`<div class="repository">
<p class="name"><a href="/${repository.owner}">${repository.owner}</a> / <a href="${path}"><strong>${repository.name}</strong></a>
${label(repository.visibility)}${repository.archived ? label('archived') : null}</p>
<nav aria-label="Repository"><ul>
${item('code', 'Code', path, null)}
${item('issues', 'Issues', `${path}/issues`, openIssues)}
${item('actions', 'Actions', `${path}/actions`, null)}
</ul></nav>
</div>`;
}

export function pathOfRepository({ owner, name }: Repository): string {
  return `/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
}

/** Returns the path of a file, a folder or the commits of a ref. */
export function pathAt(repository: Repository, kind: 'blob' | 'tree' | 'commits', ref: string, path = ''): string {
  const parts = [...ref.split('/'), ...path.split('/')].filter((part) => part !== '');
  return `${pathOfRepository(repository)}/${kind}/${parts.map(encodeURIComponent).join('/')}`;
}

export function label(text: string, kind = 'neutral'): Html {
  return html`<span class="label ${kind}">${text}</span>`;
}

/** Renders a time, in UTC, as GitHub's tooltips do. */
export function time(at: string): Html {
  const text = at.replace('T', ' ').replace(/(:\d\d)(?:\.\d+)?Z$/, '$1 UTC');
  return html`<time datetime="${at}">${text}</time>`;
}

/** Renders a login, linked to its page. */
export function account(context: EmulatorContext, login: string): Html {
  const { slug } = context.store.state.app;
  const href = sameName(login, `${slug}[bot]`) ? `/apps/${encodeURIComponent(slug)}` : `/${encodeURIComponent(login)}`;
  return html`<a href="${href}">${login}</a>`;
}

export function emptyState(text: string): Html {
  return html`<p class="box empty">${text}</p>`;
}
