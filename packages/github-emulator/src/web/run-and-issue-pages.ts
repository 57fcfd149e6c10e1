import type { FastifyInstance, FastifyReply } from 'fastify';
import type { EmulatorContext } from '../server/context.ts';
import { renderRunReport } from '../render/render-runs.ts';
import { escapeHtml, sendHtml } from './html.ts';

/** Adds the pages that the `html_url` of runs and issues links to. */
export function addRunAndIssuePages(app: FastifyInstance, context: EmulatorContext): void {
  app.get<{ Params: { owner: string; repo: string; id: string } }>(
    '/:owner/:repo/actions/runs/:id',
    (request, reply) => {
      const run = context.store.state.runs
        .map((one) => renderRunReport(context.store, context.base, one))
        .find(({ id }) => String(id) === request.params.id);
      return run === undefined
        ? notFoundPage(reply)
        : definitionPage(reply, `Run ${run.id} of ${run.repository}`, {
            Workflow: run.workflow,
            Status: run.conclusion ?? run.status,
            Event: run.event,
            Branch: run.headBranch ?? 'none',
            Commit: run.headSha,
            Actor: run.actor,
            Inputs: JSON.stringify(run.inputs),
            Created: run.createdAt,
          });
    },
  );
  app.get<{ Params: { owner: string; repo: string; number: string } }>(
    '/:owner/:repo/issues/:number',
    (request, reply) => {
      const { owner, repo, number } = request.params;
      const repository = context.store.repository(owner, repo);
      const issue = context.store.state.issues.find(
        (one) => one.repositoryId === repository?.id && String(one.number) === number,
      );
      return issue === undefined
        ? notFoundPage(reply)
        : definitionPage(reply, issue.title, {
            State: issue.state,
            Labels: issue.labels.join(', '),
            Author: issue.user,
            Body: issue.body,
            ...Object.fromEntries(issue.comments.map(({ body }, index) => [`Comment ${index + 1}`, body])),
          });
    },
  );
}

function definitionPage(reply: FastifyReply, title: string, rows: Readonly<Record<string, string>>): string {
  const lines = Object.entries(rows).map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd><pre>${escapeHtml(value)}</pre></dd>`,
  );
  return sendHtml(reply, title, `<dl>${lines.join('')}</dl>`);
}

function notFoundPage(reply: FastifyReply): string {
  void reply.code(404);
  return definitionPage(reply, 'Not found', { Reason: 'The emulator has no such run or issue.' });
}
