import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Core } from './core.ts';
import { reportRun } from './happenings.ts';
import { same } from './world.ts';

/** The pages that `html_url` leads to: a link that somebody clicks on must show something. */
export function pages(app: FastifyInstance, core: Core): void {
  app.get<{ Params: { owner: string; repo: string; id: string } }>(
    '/:owner/:repo/actions/runs/:id',
    (request, reply) => {
      const run = core.world.state.runs
        .map((one) => reportRun(core, one))
        .find(({ id }) => String(id) === request.params.id);
      return run === undefined
        ? missing(reply)
        : page(reply, `Run ${run.id} of ${run.repository}`, {
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
      const repository = core.world.repository(owner, repo);
      const issue = core.world.state.issues.find(
        (one) => one.repositoryId === repository?.id && same(String(one.number), number),
      );
      return issue === undefined
        ? missing(reply)
        : page(reply, issue.title, {
            State: issue.state,
            Labels: issue.labels.join(', '),
            Author: issue.user,
            Body: issue.body,
            ...Object.fromEntries(issue.comments.map(({ body }, index) => [`Comment ${index + 1}`, body])),
          });
    },
  );
}

function page(reply: FastifyReply, title: string, rows: Readonly<Record<string, string>>): string {
  const lines = Object.entries(rows).map(
    ([name, value]) => `<dt>${escaped(name)}</dt><dd><pre>${escaped(value)}</pre></dd>`,
  );
  void reply.type('text/html; charset=utf-8');
  return `<!doctype html><title>${escaped(title)}</title><h1>${escaped(title)}</h1><dl>${lines.join('')}</dl>`;
}

function missing(reply: FastifyReply): string {
  void reply.code(404);
  return page(reply, 'Not found', { Why: 'The emulator has no such run or issue.' });
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
