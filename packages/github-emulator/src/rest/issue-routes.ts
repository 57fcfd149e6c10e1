import type { FastifyInstance } from 'fastify';
import { renderComment, renderIssue } from '../render/render-issues.ts';
import { type EmulatorContext, queryOf } from '../server/context.ts';
import { addComment, createIssue, findIssue, listIssues, requireIssues, updateIssue } from '../state/issues.ts';
import { paginate } from './pagination.ts';
import { pathParameters, repositoryOf } from './repository-access.ts';

/** Routes of issues and their comments. */
export function addIssueRoutes(app: FastifyInstance, context: EmulatorContext): void {
  app.get('/repos/:owner/:repo/issues', (request, reply) => {
    const repository = repositoryOf(context, request, 'issues', 'read');
    requireIssues(repository, false);
    const issues = paginate(context, request, reply, listIssues(context.store, repository, queryOf(request)));
    return issues.map((issue) => renderIssue(context.store, context.base, repository, issue));
  });
  app.post('/repos/:owner/:repo/issues', (request, reply) => {
    const repository = repositoryOf(context, request, 'issues', 'write');
    requireIssues(repository, true);
    const issue = createIssue(context.store, repository, request.body);
    void reply.code(201);
    return renderIssue(context.store, context.base, repository, issue);
  });
  app.get('/repos/:owner/:repo/issues/:number', (request) => {
    const repository = repositoryOf(context, request, 'issues', 'read');
    requireIssues(repository, false);
    const issue = findIssue(context.store, repository, pathParameters(request)['number'] ?? '');
    return renderIssue(context.store, context.base, repository, issue);
  });
  app.patch('/repos/:owner/:repo/issues/:number', (request) => {
    const repository = repositoryOf(context, request, 'issues', 'write');
    requireIssues(repository, true);
    const issue = findIssue(context.store, repository, pathParameters(request)['number'] ?? '');
    updateIssue(context.store, issue, request.body);
    return renderIssue(context.store, context.base, repository, issue);
  });
  addCommentRoutes(app, context);
}

function addCommentRoutes(app: FastifyInstance, context: EmulatorContext): void {
  app.get('/repos/:owner/:repo/issues/:number/comments', (request, reply) => {
    const repository = repositoryOf(context, request, 'issues', 'read');
    requireIssues(repository, false);
    const issue = findIssue(context.store, repository, pathParameters(request)['number'] ?? '');
    const comments = paginate(context, request, reply, issue.comments);
    return comments.map((comment) => renderComment(context.store, context.base, repository, issue, comment));
  });
  app.post('/repos/:owner/:repo/issues/:number/comments', (request, reply) => {
    const repository = repositoryOf(context, request, 'issues', 'write');
    requireIssues(repository, true);
    const issue = findIssue(context.store, repository, pathParameters(request)['number'] ?? '');
    const comment = addComment(context.store, issue, request.body);
    void reply.code(201);
    return renderComment(context.store, context.base, repository, issue, comment);
  });
}
