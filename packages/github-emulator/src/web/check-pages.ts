import type { FastifyInstance } from 'fastify';
import type { EmulatorContext } from '../server/context.ts';
import { checkRunsOf } from '../state/checks.ts';
import type { CheckAnnotation, CheckRun, Commit, Repository } from '../state/entities.ts';
import { jobItems, runLink, runsOf, status } from './actions-pages.ts';
import { html, type Html } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { emptyState, label, pathAt, pathOfRepository, sendNotFound, sendPage, time } from './page.ts';
import { commitLine, repositoryOf, type RepositoryRoute } from './repository-pages.ts';

/** Adds the pages of the checks of a commit, and of a check run. */
export function addCheckPages(app: FastifyInstance, context: EmulatorContext): void {
  app.get<RepositoryRoute>('/:owner/:repo/commit/:sha/checks', (request, reply) => {
    const repository = repositoryOf(context, request);
    const commit = repository?.commits[request.params.sha];
    if (repository === null || commit === undefined) return sendNotFound(context, request, reply);
    const body = commitChecksBody(context, repository, commit);
    return sendPage(context, reply, { title: `Checks of ${commit.oid.slice(0, 7)}`, repository, tab: 'code', body });
  });
  app.get<RepositoryRoute>('/:owner/:repo/runs/:id', (request, reply) => {
    const repository = repositoryOf(context, request);
    const check = checksOf(context, repository).find(({ id }) => String(id) === request.params.id);
    if (repository === null || check === undefined) return sendNotFound(context, request, reply);
    return sendPage(context, reply, { title: check.name, repository, tab: 'code', body: checkBody(repository, check) });
  });
}

function checksOf(context: EmulatorContext, repository: Repository | null): CheckRun[] {
  return checkRunsOf(context.store).filter(({ repositoryId }) => repositoryId === repository?.id);
}

function commitChecksBody(context: EmulatorContext, repository: Repository, commit: Commit): Html {
  const isOfCommit = ({ headSha }: { readonly headSha: string }) => headSha === commit.oid;
  const runs = runsOf(context, repository).filter(isOfCommit);
  const checks = checksOf(context, repository).filter(isOfCommit);
  const path = pathOfRepository(repository);
  return html`<h1>Checks</h1><ul class="box"><li class="title">${commitLine(repository, commit)}</li>${runs.map(
    (run) =>
      html`<li><span class="main">${runLink(repository, run)}</span>${status(run)}</li>${jobItems(context, run)}`,
  )}${checks.map(
    (check) =>
      html`<li><span class="main"><a href="${path}/runs/${check.id}">${check.name}</a><span class="meta">${check.title}</span></span>${status(check)}</li>`,
  )}</ul>${runs.length + checks.length === 0 ? emptyState('No workflow ran for this commit, and no App wrote a check.') : null}`;
}

function checkBody(repository: Repository, check: CheckRun): Html {
  const commit = `${pathOfRepository(repository)}/commit/${check.headSha}`;
  return html`<h1>${check.name}</h1>
    <p class="meta">${status(check)} ${check.title}</p>
    <dl><dt>App</dt><dd>${check.app.slug}</dd>
    <dt>Commit</dt><dd><a href="${commit}"><code>${check.headSha.slice(0, 7)}</code></a>, <a href="${commit}/checks">all its checks</a></dd>
    <dt>Updated</dt><dd>${time(check.updatedAt)}</dd>
    ${check.detailsUrl === null ? null : html`<dt>Details</dt><dd><a href="${check.detailsUrl}">${check.detailsUrl}</a></dd>`}</dl>
    ${[check.summary, check.text].map((text) => (text === null ? null : renderMarkdown(text)))}
    ${check.annotations.length === 0 ? null : html`<h2>Annotations</h2><ul class="box">${check.annotations.map((one) => annotation(repository, check, one))}</ul>`}
    <p class="muted">To re-run it: <code>npm run github -- rerun-check ${check.id}</code></p>`;
}

function annotation(
  repository: Repository,
  { headSha }: CheckRun,
  { path, start_line, annotation_level, message }: CheckAnnotation,
) {
  return html`<li><span class="main">${message}<span class="meta"><a href="${pathAt(repository, 'blob', headSha, path)}">${path}</a>, line ${start_line}</span></span>${label(annotation_level)}</li>`;
}
