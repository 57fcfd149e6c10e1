import type { FastifyInstance } from 'fastify';
import type { EmulatorContext } from '../server/context.ts';
import type { Repository, Run, Workflow } from '../state/entities.ts';
import { jobNames } from '../workflows/workflow-runs.ts';
import { html, type Html } from './html.ts';
import { account, emptyState, pathAt, pathOfRepository, sendNotFound, sendPage, time } from './page.ts';
import { repositoryOf, type RepositoryRoute } from './repository-pages.ts';

const MAX_RUNS = 100;

/** Adds the pages of a repository's workflow runs. */
export function addActionsPages(app: FastifyInstance, context: EmulatorContext): void {
  for (const path of ['/:owner/:repo/actions', '/:owner/:repo/actions/workflows/:workflow']) {
    app.get<RepositoryRoute>(path, (request, reply) => {
      const repository = repositoryOf(context, request);
      const { workflow: name } = request.params;
      const workflow = repository?.workflows.find((one) => fileNameOf(one) === name || String(one.id) === name);
      if (repository === null || (name !== undefined && workflow === undefined)) {
        return sendNotFound(context, request, reply);
      }
      const body = runsBody(context, repository, workflow);
      return sendPage(context, reply, { title: 'Workflow runs', repository, tab: 'actions', body });
    });
  }
  for (const path of ['/:owner/:repo/actions/runs/:id', '/:owner/:repo/actions/runs/:id/attempts/:attempt']) {
    app.get<RepositoryRoute>(path, (request, reply) => {
      const repository = repositoryOf(context, request);
      const run = runsOf(context, repository).find(({ id }) => String(id) === request.params.id);
      if (repository === null || run === undefined) return sendNotFound(context, request, reply);
      const body = runBody(context, repository, run);
      return sendPage(context, reply, {
        title: `Run ${run.id} of ${repository.owner}/${repository.name}`,
        repository,
        tab: 'actions',
        body,
      });
    });
  }
}

/** Returns the runs of a repository, newest first. */
export function runsOf(context: EmulatorContext, repository: Repository | null): Run[] {
  return context.store.state.runs.filter(({ repositoryId }) => repositoryId === repository?.id).toReversed();
}

function runsBody(context: EmulatorContext, repository: Repository, workflow: Workflow | undefined): Html {
  const path = `${pathOfRepository(repository)}/actions`;
  const all = runsOf(context, repository).filter(
    ({ workflowId }) => workflow === undefined || workflowId === workflow.id,
  );
  const filters = repository.workflows.map((one) =>
    filterLink(`${path}/workflows/${encodeURIComponent(fileNameOf(one))}`, one.name || one.path, one === workflow),
  );
  const items = all
    .slice(0, MAX_RUNS)
    .map(
      (run) =>
        html`<li><span class="main">${runLink(repository, run)}<span class="meta">${workflowLabel(repository, run)} #${run.number}: ${run.event} by ${account(context, run.actor)}${
          run.headBranch === null ? null : ` on ${run.headBranch}`
        }</span></span><span>${status(run)} <span class="muted">${time(run.createdAt)}</span></span></li>`,
    );
  return html`<h1>${workflow === undefined ? 'All workflows' : workflow.name || workflow.path}</h1>
    <nav aria-label="Workflows"><ul class="filters">${filterLink(path, 'All workflows', workflow === undefined)}${filters}</ul></nav>
    ${all.length === 0 ? emptyState('There are no workflow runs yet.') : html`<ul class="box"><li class="title">${countOf(all.length)}</li>${items}</ul>`}`;
}

function filterLink(href: string, text: string, isCurrent: boolean): Html {
  return html`<li><a href="${href}"${isCurrent ? html` aria-current="page"` : null}>${text}</a></li>`;
}

function countOf(runs: number): string {
  const count = `${runs} workflow ${runs === 1 ? 'run' : 'runs'}`;
  return runs > MAX_RUNS ? `${count}, the newest ${MAX_RUNS} of them:` : count;
}

function runBody(context: EmulatorContext, repository: Repository, run: Run): Html {
  const path = pathOfRepository(repository);
  const workflow = repository.workflows.find(({ id }) => id === run.workflowId);
  const commit = (context.store.repositoryById(run.headRepositoryId) ?? repository).commits[run.headSha];
  const jobs = jobItems(context, run);
  const facts: readonly (readonly [string, Html | string])[] = [
    ['Status', status(run)],
    [
      'Workflow',
      workflow === undefined || commit?.files[workflow.path] === undefined
        ? workflowLabel(repository, run)
        : html`<a href="${pathAt(repository, 'blob', run.headSha, workflow.path)}">${workflow.path}</a>`,
    ],
    ['Event', run.event],
    ['Started by', account(context, run.actor)],
    [
      'Branch or tag',
      run.headBranch === null
        ? 'none'
        : html`<a href="${pathAt(repository, 'tree', run.headBranch)}">${run.headBranch}</a>`,
    ],
    ['Commit', html`<a href="${path}/commit/${run.headSha}"><code>${run.headSha.slice(0, 7)}</code></a>`],
    ['Attempt', String(run.attempt)],
    ['Created', time(run.createdAt)],
    ['Updated', time(run.updatedAt)],
  ];
  return html`<h1>${commit?.message.split('\n', 1)[0] ?? workflowLabel(repository, run)} <span class="muted">#${run.number}</span></h1>
    <p class="meta">${workflowLabel(repository, run)}, run ${run.id}</p>
    <dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    <h2>Jobs</h2>${jobs.length === 0 ? emptyState('This run has no jobs.') : html`<ul class="box">${jobs}</ul>`}
    ${values('Inputs', run.inputs)}${run.clientPayload === undefined ? null : values('Client payload', run.clientPayload)}
    ${run.status === 'completed' ? null : html`<p class="muted">To complete it: <code>npm run github -- complete ${run.id} --conclusion failure</code></p>`}`;
}

function values(title: string, content: Readonly<Record<string, unknown>>): Html | null {
  const entries = Object.entries(content);
  if (entries.length === 0) return null;
  const rows = entries.map(
    ([name, value]) =>
      html`<dt>${name}</dt><dd><code>${typeof value === 'string' ? value : JSON.stringify(value)}</code></dd>`,
  );
  return html`<h2>${title}</h2><dl>${rows}</dl>`;
}

export function jobItems(context: EmulatorContext, run: Run): Html[] {
  return jobNames(context.store, run).map((name) => html`<li><span class="main">${name}</span>${status(run)}</li>`);
}

export function runLink(repository: Repository, run: Run): Html {
  const commit = repository.commits[run.headSha];
  const text = commit?.message.split('\n', 1)[0] ?? workflowLabel(repository, run);
  return html`<a href="${pathOfRepository(repository)}/actions/runs/${run.id}">${text}</a>`;
}

function workflowLabel(repository: Repository, run: Run): string {
  const workflow = repository.workflows.find(({ id }) => id === run.workflowId);
  return workflow?.name || workflow?.path || 'Unknown workflow';
}

function fileNameOf({ path }: Workflow): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const KINDS: Readonly<Record<string, string>> = {
  success: 'success',
  failure: 'failure',
  timed_out: 'failure',
  startup_failure: 'failure',
  action_required: 'waiting',
  queued: 'waiting',
  in_progress: 'waiting',
};

/** Renders the conclusion of a run or check run, or its status until it has one. */
export function status(run: { readonly status: string; readonly conclusion: string | null }): Html {
  const word = run.conclusion ?? run.status;
  const text = word.replaceAll('_', ' ');
  return html`<span class="label ${KINDS[word] ?? 'neutral'}">${text.slice(0, 1).toUpperCase()}${text.slice(1)}</span>`;
}
