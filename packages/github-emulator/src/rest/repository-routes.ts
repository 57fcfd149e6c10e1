import type { FastifyInstance } from 'fastify';
import { renderFullRepository } from '../render/render-repositories.ts';
import { renderWorkflow, runUrls } from '../render/render-runs.ts';
import { callerOf, type EmulatorContext } from '../server/context.ts';
import { parseEventBody, sendRepositoryDispatch } from '../workflows/repository-dispatch.ts';
import { parseDispatchBody, startWorkflow } from '../workflows/workflow-dispatch.ts';
import { findWorkflow } from '../workflows/workflow-runs.ts';
import { paginate } from './pagination.ts';
import { installationIdOf, pathParameters, repositoryOf } from './repository-access.ts';

/** Routes of repositories and their workflows, with `repository_dispatch` and `workflow_dispatch`. */
export function addRepositoryRoutes(app: FastifyInstance, context: EmulatorContext): void {
  app.get('/repos/:owner/:repo', (request) =>
    renderFullRepository(context.store, context.base, repositoryOf(context, request, 'metadata', 'read')),
  );
  app.post('/repos/:owner/:repo/dispatches', (request, reply) => {
    const repository = repositoryOf(context, request, 'contents', 'write');
    const installationId = installationIdOf(callerOf(context, request));
    const runs = sendRepositoryDispatch(context.store, repository, parseEventBody(request.body), installationId);
    runs.forEach(context.runStarted);
    return reply.code(204).send();
  });
  addWorkflowRoutes(app, context);
}

function addWorkflowRoutes(app: FastifyInstance, context: EmulatorContext): void {
  app.get('/repos/:owner/:repo/actions/workflows', (request, reply) => {
    const repository = repositoryOf(context, request, 'actions', 'read');
    const workflows = paginate(context, request, reply, repository.workflows);
    return {
      total_count: repository.workflows.length,
      workflows: workflows.map((workflow) => renderWorkflow(context.base, repository, workflow)),
    };
  });
  app.get('/repos/:owner/:repo/actions/workflows/:workflow', (request) => {
    const repository = repositoryOf(context, request, 'actions', 'read');
    return renderWorkflow(
      context.base,
      repository,
      findWorkflow(repository, pathParameters(request)['workflow'] ?? ''),
    );
  });
  app.post('/repos/:owner/:repo/actions/workflows/:workflow/dispatches', (request, reply) => {
    const repository = repositoryOf(context, request, 'actions', 'write');
    const body = parseDispatchBody(request.body, context.settings.dispatchApi === 'github.com');
    const installationId = installationIdOf(callerOf(context, request));
    const run = startWorkflow(
      context.store,
      repository,
      pathParameters(request)['workflow'] ?? '',
      body,
      installationId,
    );
    context.runStarted(run);
    const { api, html } = runUrls(context.base, repository, run.id);
    return body.returnRunDetails ? { workflow_run_id: run.id, run_url: api, html_url: html } : reply.code(204).send();
  });
}
