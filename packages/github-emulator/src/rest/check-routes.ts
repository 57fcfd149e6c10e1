import type { FastifyInstance, FastifyRequest } from 'fastify';
import { renderAnnotations, renderCheckRun, renderCheckSuite } from '../render/render-checks.ts';
import { type EmulatorContext, queryOf } from '../server/context.ts';
import {
  commitOfPath,
  createCheckRun,
  findCheckRun,
  findCheckSuite,
  listCheckRuns,
  listCheckSuites,
  ownCheckApp,
  updateCheckRun,
} from '../state/checks.ts';
import type { CheckRun } from '../state/entities.ts';
import { paginate } from './pagination.ts';
import { pathParameters, repositoryOf } from './repository-access.ts';

const id = (request: FastifyRequest) => pathParameters(request)['id'] ?? '';

/** Routes of check runs and check suites. */
export function addCheckRoutes(app: FastifyInstance, context: EmulatorContext): void {
  app.post('/repos/:owner/:repo/check-runs', (request, reply) => {
    const repository = repositoryOf(context, request, 'checks', 'write');
    const run = createCheckRun(context.store, repository, ownCheckApp(context.store), request.body);
    void reply.code(201);
    return renderCheckRun(context.store, context.base, repository, run);
  });
  app.get('/repos/:owner/:repo/check-runs/:id', (request) => {
    const repository = repositoryOf(context, request, 'checks', 'read');
    const run = findCheckRun(context.store, repository, id(request));
    return renderCheckRun(context.store, context.base, repository, run);
  });
  app.patch('/repos/:owner/:repo/check-runs/:id', (request) => {
    const repository = repositoryOf(context, request, 'checks', 'write');
    const run = findCheckRun(context.store, repository, id(request));
    updateCheckRun(context.store, repository, ownCheckApp(context.store), { run, body: request.body });
    return renderCheckRun(context.store, context.base, repository, run);
  });
  app.get('/repos/:owner/:repo/check-runs/:id/annotations', (request, reply) => {
    const repository = repositoryOf(context, request, 'checks', 'read');
    const run = findCheckRun(context.store, repository, id(request));
    return paginate(context, request, reply, renderAnnotations(context.base, repository, run));
  });
  app.get('/repos/:owner/:repo/commits/:ref/check-runs', (request, reply) => {
    const repository = repositoryOf(context, request, 'checks', 'read');
    const sha = commitOfPath(repository, pathParameters(request)['ref'] ?? '');
    const isSelected = (run: CheckRun) => run.repositoryId === repository.id && run.headSha === sha;
    return list(isSelected, request, reply, repository);
  });
  app.get('/repos/:owner/:repo/check-suites/:id/check-runs', (request, reply) => {
    const repository = repositoryOf(context, request, 'checks', 'read');
    const suite = findCheckSuite(context.store, repository, id(request));
    return list(({ suiteId }) => suiteId === suite.id, request, reply, repository);
  });
  app.get('/repos/:owner/:repo/check-suites/:id', (request) => {
    const repository = repositoryOf(context, request, 'checks', 'read');
    const suite = findCheckSuite(context.store, repository, id(request));
    return renderCheckSuite(context.store, context.base, repository, suite);
  });
  app.get('/repos/:owner/:repo/commits/:ref/check-suites', (request, reply) => {
    const repository = repositoryOf(context, request, 'checks', 'read');
    const sha = commitOfPath(repository, pathParameters(request)['ref'] ?? '');
    const suites = listCheckSuites(context.store, repository, sha, queryOf(request));
    return {
      total_count: suites.length,
      check_suites: paginate(context, request, reply, suites).map((suite) =>
        renderCheckSuite(context.store, context.base, repository, suite),
      ),
    };
  });

  function list(
    isSelected: (run: CheckRun) => boolean,
    request: FastifyRequest,
    reply: Parameters<typeof paginate>[2],
    repository: ReturnType<typeof repositoryOf>,
  ) {
    const runs = listCheckRuns(context.store, isSelected, queryOf(request), context.settings.checkListLagMs);
    return {
      total_count: runs.length,
      check_runs: paginate(context, request, reply, runs).map((run) =>
        renderCheckRun(context.store, context.base, repository, run),
      ),
    };
  }
}
