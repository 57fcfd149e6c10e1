import type { FastifyInstance } from 'fastify';
import { type EmulatorContext, queryOf } from '../server/context.ts';
import type { Issue, Repository } from '../state/entities.ts';
import { listIssues } from '../state/issues.ts';
import { html, type Html } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { account, emptyState, label, pathOfRepository, sendNotFound, sendPage, time } from './page.ts';
import { repositoryOf, type RepositoryRoute } from './repository-pages.ts';

/** Adds the pages of a repository's issues. */
export function addIssuePages(app: FastifyInstance, context: EmulatorContext): void {
  app.get<RepositoryRoute>('/:owner/:repo/issues', (request, reply) => {
    const repository = repositoryOf(context, request);
    if (repository === null) return sendNotFound(context, request, reply);
    const state = queryOf(request)['state'] === 'closed' ? 'closed' : 'open';
    const body = issuesBody(context, repository, state);
    return sendPage(context, reply, { title: 'Issues', repository, tab: 'issues', body });
  });
  app.get<RepositoryRoute>('/:owner/:repo/issues/:number', (request, reply) => {
    const repository = repositoryOf(context, request);
    const issue = context.store.state.issues.find(
      (one) => one.repositoryId === repository?.id && String(one.number) === request.params.number,
    );
    if (repository === null || issue === undefined) return sendNotFound(context, request, reply);
    const body = issueBody(context, issue);
    return sendPage(context, reply, { title: issue.title, repository, tab: 'issues', body });
  });
}

function issuesBody(context: EmulatorContext, repository: Repository, state: 'open' | 'closed'): Html {
  const path = `${pathOfRepository(repository)}/issues`;
  const issues = {
    open: listIssues(context.store, repository, {}),
    closed: listIssues(context.store, repository, { state: 'closed' }),
  };
  const filter = (name: 'open' | 'closed', href: string, text: string) =>
    html`<li><a href="${href}"${name === state ? html` aria-current="page"` : null}>${issues[name].length} ${text}</a></li>`;
  const items = issues[state].map(
    (
      issue,
    ) => html`<li><span class="main"><a href="${path}/${issue.number}">${issue.title}</a> ${issue.labels.map((name) => label(name))}
      <span class="meta">#${issue.number} opened ${time(issue.createdAt)} by ${account(context, issue.user)}</span></span>
      <span class="muted">${issue.comments.length} ${issue.comments.length === 1 ? 'comment' : 'comments'}</span></li>`,
  );
  return html`<h1>Issues</h1>
    <nav aria-label="State"><ul class="filters">${filter('open', path, 'open')}${filter('closed', `${path}?state=closed`, 'closed')}</ul></nav>
    ${items.length === 0 ? emptyState(`There are no ${state} issues.`) : html`<ul class="box">${items}</ul>`}`;
}

function issueBody(context: EmulatorContext, issue: Issue): Html {
  const state =
    issue.state === 'open' ? html`<span class="state open">Open</span>` : html`<span class="state done">Closed</span>`;
  const entry = (user: string, at: string, id: string, body: string) =>
    html`<article class="box" id="${id}"><div class="title"><span>${account(context, user)} commented ${time(at)}</span></div><div class="body">${renderMarkdown(body)}</div></article>`;
  return html`<h1>${issue.title} <span class="muted">#${issue.number}</span></h1>
    <p class="meta">${state} ${account(context, issue.user)} opened this issue ${time(issue.createdAt)}${
      issue.closedAt === null ? null : html`, closed ${time(issue.closedAt)}`
    } ${issue.labels.map((name) => label(name))}</p>
    ${entry(issue.user, issue.createdAt, `issue-${issue.id}`, issue.body)}
    ${issue.comments.map(({ id, user, createdAt, body }) => entry(user, createdAt, `issuecomment-${id}`, body))}`;
}
