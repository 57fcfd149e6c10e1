import type { FastifyInstance } from 'fastify';
import { ApiError } from '../common/api-error.ts';
import { renderCheckRunRerequested, renderCheckSuiteRerequested } from '../render/render-checks.ts';
import type { Json } from '../render/json.ts';
import { type EmulatorContext, queryOf } from '../server/context.ts';
import { ACTIONS_APP, checkRunsOf, createCheckRun, isMergeable } from '../state/checks.ts';
import type { CheckSuite, Repository } from '../state/entities.ts';
import { sendWebhook } from '../webhooks/send-webhook.ts';
import type { DeliveryResult, ForgedCheck } from './control-client.ts';
import { forgedCheckSchema, rerequestSchema } from './control-schemas.ts';
import { findRepository, toDeliveryResult } from './run-lifecycle.ts';

/** Adds the control calls about checks: what other Apps write, what people click, and what GitHub would merge. */
export function addCheckControls(app: FastifyInstance, context: EmulatorContext): void {
  app.get('/check-runs', () =>
    checkRunsOf(context.store).map((run) => {
      const repository = context.store.repositoryById(run.repositoryId);
      return { ...run, repository: repository === undefined ? '' : `${repository.owner}/${repository.name}` };
    }),
  );
  app.get('/check-suites', () => context.store.state.checkSuites);
  app.post<{ Body: ForgedCheck }>('/check-runs', { schema: { body: forgedCheckSchema } }, (request) => {
    const { repository, sha, name, conclusion, status, externalId, app: writer = ACTIONS_APP } = request.body;
    return createCheckRun(context.store, findRepository(context.store, repository), writer, {
      name,
      head_sha: sha,
      ...(externalId === undefined ? {} : { external_id: externalId }),
      ...(conclusion === undefined ? {} : { conclusion }),
      ...(status === undefined ? {} : { status }),
    });
  });
  app.get<{ Params: { owner: string; repo: string } }>('/repositories/:owner/:repo/mergeable', (request) => {
    const { owner, repo } = request.params;
    const { sha = '', check = '', app: appId } = queryOf(request);
    const repository = findRepository(context.store, `${owner}/${repo}`);
    return isMergeable(context.store, repository, { sha, check, appId: appId === undefined ? null : Number(appId) });
  });
  app.post<{ Params: { id: string }; Body: { actor?: string } }>(
    '/check-runs/:id/rerequest',
    { schema: { body: rerequestSchema } },
    (request) => {
      const run = checkRunsOf(context.store).find(({ id }) => String(id) === request.params.id);
      if (run === undefined) throw new ApiError(404, `The emulator has no check run ${request.params.id}.`);
      const suite = suiteById(context, String(run.suiteId));
      const actor = request.body.actor ?? 'octocat';
      return deliver(context, suite, 'check_run', (repository) =>
        renderCheckRunRerequested(context.store, context.base, repository, { run, suite, actor }),
      );
    },
  );
  app.post<{ Params: { id: string }; Body: { actor?: string } }>(
    '/check-suites/:id/rerequest',
    { schema: { body: rerequestSchema } },
    (request) => {
      const suite = suiteById(context, request.params.id);
      suite.rerequestedAt = context.store.timestamp();
      const actor = request.body.actor ?? 'octocat';
      return deliver(context, suite, 'check_suite', (repository) =>
        renderCheckSuiteRerequested(context.store, context.base, repository, { suite, actor }),
      );
    },
  );
}

function suiteById(context: EmulatorContext, id: string): CheckSuite {
  const suite = context.store.state.checkSuites.find((one) => String(one.id) === id);
  if (suite === undefined) throw new ApiError(404, `The emulator has no check suite ${id}.`);
  return suite;
}

/** Sends the webhook if the App subscribes to it and wrote the suite: GitHub asks the App whose checks they are. */
async function deliver(
  context: EmulatorContext,
  suite: CheckSuite,
  event: 'check_run' | 'check_suite',
  render: (repository: Repository) => Json,
): Promise<DeliveryResult | null> {
  const { store } = context;
  const repository = store.repositoryById(suite.repositoryId);
  const isOwn = suite.app.id === store.state.app.id;
  if (repository === undefined || !isOwn || !store.state.app.events.includes(event)) return null;
  if (store.installationOn(repository) === undefined) return null;
  const sent = await sendWebhook(context, repository, { event, body: JSON.stringify(render(repository)) });
  return 'delayed' in sent || sent.delivery === null ? null : toDeliveryResult(sent.delivery);
}
