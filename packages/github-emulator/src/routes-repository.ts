import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerOf, type Core, page, perRequest, queryOf } from './core.ts';
import { type Caller, requirePermission, visibleRepository } from './credentials.ts';
import { forbidden, notFound } from './errors.ts';
import { addComment, createIssue, findIssue, listIssues, requireIssues, updateIssue } from './issues.ts';
import { renderFullRepository } from './render.ts';
import { renderComment, renderIssue } from './render-issues.ts';
import { renderJob, renderRun, renderWorkflow, runUrls } from './render-runs.ts';
import { eventBody, sendEvent } from './events.ts';
import { dispatchBody, jobNames, listRuns, startWorkflow, workflowOf } from './runs.ts';
import type { Level, Repository, Run } from './state.ts';

type Params = Readonly<Record<string, string>>;

/** A repository: itself, its workflows and runs, its issues. */
export function repositoryRoutes(app: FastifyInstance, core: Core): void {
  app.get('/repos/:owner/:repo', (request) =>
    renderFullRepository(core.world, core.base, repositoryOf(core, request, 'metadata', 'read')),
  );
  app.post('/repos/:owner/:repo/dispatches', (request, reply) => {
    const repository = repositoryOf(core, request, 'contents', 'write');
    sendEvent(core.world, repository, eventBody(request.body), installationIdOf(callerOf(core, request)));
    return reply.code(204).send();
  });
  workflowRoutes(app, core);
  runRoutes(app, core);
  issueRoutes(app, core);
  commentRoutes(app, core);
}

function workflowRoutes(app: FastifyInstance, core: Core): void {
  app.get('/repos/:owner/:repo/actions/workflows', (request, reply) => {
    const repository = repositoryOf(core, request, 'actions', 'read');
    const workflows = page(core, request, reply, repository.workflows);
    return {
      total_count: repository.workflows.length,
      workflows: workflows.map((workflow) => renderWorkflow(core.base, repository, workflow)),
    };
  });
  app.get('/repos/:owner/:repo/actions/workflows/:workflow', (request) => {
    const repository = repositoryOf(core, request, 'actions', 'read');
    return renderWorkflow(core.base, repository, workflowOf(repository, params(request)['workflow'] ?? ''));
  });
  app.post('/repos/:owner/:repo/actions/workflows/:workflow/dispatches', (request, reply) => {
    const repository = repositoryOf(core, request, 'actions', 'write');
    const body = dispatchBody(request.body, core.settings.dispatchApi === 'github.com');
    const installationId = installationIdOf(callerOf(core, request));
    const run = startWorkflow(core.world, repository, params(request)['workflow'] ?? '', body, installationId);
    const { api, html } = runUrls(core.base, repository, run.id);
    return body.returnRunDetails ? { workflow_run_id: run.id, run_url: api, html_url: html } : reply.code(204).send();
  });
}

function runRoutes(app: FastifyInstance, core: Core): void {
  app.get('/repos/:owner/:repo/actions/runs', (request, reply) => {
    const repository = repositoryOf(core, request, 'actions', 'read');
    const runs = listRuns(core.world, repository, null, queryOf(request), listLagMs(core, request));
    const shown = page(core, request, reply, runs);
    return {
      total_count: runs.length,
      workflow_runs: shown.map((run) => renderRun(core.world, core.base, repository, run)),
    };
  });
  app.get('/repos/:owner/:repo/actions/workflows/:workflow/runs', (request, reply) => {
    const repository = repositoryOf(core, request, 'actions', 'read');
    const workflow = workflowOf(repository, params(request)['workflow'] ?? '');
    const runs = listRuns(core.world, repository, workflow, queryOf(request), listLagMs(core, request));
    const shown = page(core, request, reply, runs);
    return {
      total_count: runs.length,
      workflow_runs: shown.map((run) => renderRun(core.world, core.base, repository, run)),
    };
  });
  app.get('/repos/:owner/:repo/actions/runs/:id', (request) => {
    const repository = repositoryOf(core, request, 'actions', 'read');
    return renderRun(core.world, core.base, repository, runOf(core, request, repository));
  });
  app.get('/repos/:owner/:repo/actions/runs/:id/jobs', (request, reply) => {
    const repository = repositoryOf(core, request, 'actions', 'read');
    const run = runOf(core, request, repository);
    const jobs = jobNames(core.world, repository, run).map((name, index) =>
      renderJob(core.base, repository, run, { name, index }),
    );
    return { total_count: jobs.length, jobs: page(core, request, reply, jobs) };
  });
}

function runOf(core: Core, request: FastifyRequest, repository: Repository): Run {
  const { id } = params(request);
  const run = core.world.state.runs.find((one) => one.repositoryId === repository.id && String(one.id) === id);
  if (run === undefined) {
    throw notFound();
  }
  return run;
}

function issueRoutes(app: FastifyInstance, core: Core): void {
  app.get('/repos/:owner/:repo/issues', (request, reply) => {
    const repository = repositoryOf(core, request, 'issues', 'read');
    requireIssues(repository, false);
    const issues = page(core, request, reply, listIssues(core.world, repository, queryOf(request)));
    return issues.map((issue) => renderIssue(core.world, core.base, repository, issue));
  });
  app.post('/repos/:owner/:repo/issues', (request, reply) => {
    const repository = repositoryOf(core, request, 'issues', 'write');
    requireIssues(repository, true);
    const issue = createIssue(core.world, repository, request.body);
    void reply.code(201);
    return renderIssue(core.world, core.base, repository, issue);
  });
  app.get('/repos/:owner/:repo/issues/:number', (request) => {
    const repository = repositoryOf(core, request, 'issues', 'read');
    requireIssues(repository, false);
    const issue = findIssue(core.world, repository, params(request)['number'] ?? '');
    return renderIssue(core.world, core.base, repository, issue);
  });
  app.patch('/repos/:owner/:repo/issues/:number', (request) => {
    const repository = repositoryOf(core, request, 'issues', 'write');
    requireIssues(repository, true);
    const issue = findIssue(core.world, repository, params(request)['number'] ?? '');
    updateIssue(core.world, issue, request.body);
    return renderIssue(core.world, core.base, repository, issue);
  });
}

function commentRoutes(app: FastifyInstance, core: Core): void {
  app.get('/repos/:owner/:repo/issues/:number/comments', (request, reply) => {
    const repository = repositoryOf(core, request, 'issues', 'read');
    requireIssues(repository, false);
    const issue = findIssue(core.world, repository, params(request)['number'] ?? '');
    const comments = page(core, request, reply, issue.comments);
    return comments.map((comment) => renderComment(core.world, core.base, repository, issue, comment));
  });
  app.post('/repos/:owner/:repo/issues/:number/comments', (request, reply) => {
    const repository = repositoryOf(core, request, 'issues', 'write');
    requireIssues(repository, true);
    const issue = findIssue(core.world, repository, params(request)['number'] ?? '');
    const comment = addComment(core.world, issue, request.body);
    void reply.code(201);
    return renderComment(core.world, core.base, repository, issue, comment);
  });
}

function repositoryOf(core: Core, request: FastifyRequest, permission: string, level: Level): Repository {
  const { owner = '', repo = '' } = params(request);
  const caller = callerOf(core, request);
  const repository = visibleRepository(core.world, caller, owner, repo);
  requirePermission(caller, repository, permission, level);
  return repository;
}

function params(request: FastifyRequest): Params {
  return request.params as Params;
}

function installationIdOf(caller: Caller): number {
  if (caller.kind !== 'installation') {
    throw forbidden();
  }
  return caller.installation.id;
}

function listLagMs(core: Core, request: FastifyRequest): number {
  const { fault } = perRequest(core, request);
  return typeof fault === 'object' && fault !== null && 'runListLagMs' in fault
    ? fault.runListLagMs
    : core.settings.runListLagMs;
}
