import type { FastifyInstance, FastifyRequest } from 'fastify';
import { notFound } from '../common/api-error.ts';
import { renderJob, renderRun } from '../render/render-runs.ts';
import { type EmulatorContext, queryOf, requestState } from '../server/context.ts';
import type { Repository, Run } from '../state/entities.ts';
import { listRuns } from '../workflows/run-list.ts';
import { findWorkflow, jobNames } from '../workflows/workflow-runs.ts';
import { paginate } from './pagination.ts';
import { pathParameters, repositoryOf } from './repository-access.ts';

/** Routes of workflow runs and their jobs. */
export function addRunRoutes(app: FastifyInstance, context: EmulatorContext): void {
  app.get('/repos/:owner/:repo/actions/runs', (request, reply) => {
    const repository = repositoryOf(context, request, 'actions', 'read');
    const runs = listRuns(context.store, repository, null, queryOf(request), listLagMs(context, request));
    const page = paginate(context, request, reply, runs);
    return {
      total_count: runs.length,
      workflow_runs: page.map((run) => renderRun(context.store, context.base, repository, run)),
    };
  });
  app.get('/repos/:owner/:repo/actions/workflows/:workflow/runs', (request, reply) => {
    const repository = repositoryOf(context, request, 'actions', 'read');
    const workflow = findWorkflow(repository, pathParameters(request)['workflow'] ?? '');
    const runs = listRuns(context.store, repository, workflow, queryOf(request), listLagMs(context, request));
    const page = paginate(context, request, reply, runs);
    return {
      total_count: runs.length,
      workflow_runs: page.map((run) => renderRun(context.store, context.base, repository, run)),
    };
  });
  app.get('/repos/:owner/:repo/actions/runs/:id', (request) => {
    const repository = repositoryOf(context, request, 'actions', 'read');
    return renderRun(context.store, context.base, repository, runOf(context, request, repository));
  });
  app.get('/repos/:owner/:repo/actions/runs/:id/jobs', (request, reply) => {
    const repository = repositoryOf(context, request, 'actions', 'read');
    const run = runOf(context, request, repository);
    const jobs = jobNames(context.store, run).map((name, index) =>
      renderJob(context.base, repository, run, { name, index }),
    );
    return { total_count: jobs.length, jobs: paginate(context, request, reply, jobs) };
  });
}

function runOf(context: EmulatorContext, request: FastifyRequest, repository: Repository): Run {
  const { id } = pathParameters(request);
  const run = context.store.state.runs.find((one) => one.repositoryId === repository.id && String(one.id) === id);
  if (run === undefined) {
    throw notFound();
  }
  return run;
}

function listLagMs(context: EmulatorContext, request: FastifyRequest): number {
  const { fault } = requestState(context, request);
  return typeof fault === 'object' && fault !== null && 'runListLagMs' in fault
    ? fault.runListLagMs
    : context.settings.runListLagMs;
}
