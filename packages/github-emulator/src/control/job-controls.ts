import type { FastifyInstance } from 'fastify';
import { ApiError } from '../common/api-error.ts';
import type { EmulatorContext } from '../server/context.ts';
import type { Run } from '../state/entities.ts';
import { type JobDefinition, jobId, jobsOf } from '../state/workflow-file.ts';
import { workflowContent } from '../workflows/workflow-runs.ts';
import type { StartedJob, StartedRunRequest } from './control-client.ts';
import { issuerKeySchema, jobSchema, startedRunSchema } from './control-schemas.ts';
import { runById, startAttempt, startRun } from './run-lifecycle.ts';

/** Adds the control calls about runs in progress: their jobs, and the issuer of the tokens of jobs. */
export function addJobControls(app: FastifyInstance, context: EmulatorContext): void {
  app.post<{ Body: StartedRunRequest }>('/runs/start', { schema: { body: startedRunSchema } }, (request) =>
    startRun(context, request.body),
  );
  app.post<{ Params: { id: string } }>('/runs/:id/attempts', (request) =>
    startAttempt(context, runById(context, request.params.id)),
  );
  app.post<{ Params: { id: string }; Body: { job?: string } }>(
    '/runs/:id/jobs',
    { schema: { body: jobSchema } },
    (request) => startJob(context, runById(context, request.params.id), request.body.job),
  );
  app.post<{ Body: { keepOld: boolean } }>('/issuer/keys', { schema: { body: issuerKeySchema } }, (request) =>
    context.jobTokens.rotate(request.body.keepOld).then(() => ({})),
  );
}

function startJob(context: EmulatorContext, run: Run, name: string | undefined): StartedJob {
  if (run.status === 'completed') throw new ApiError(409, `Run ${run.id} is completed: its jobs have ended.`);
  const jobs = jobsOf(workflowContent(context.store, run));
  const index = name === undefined ? 0 : jobs.findIndex(({ id }) => id === name);
  const job = jobs[index];
  if (job === undefined) {
    const known = jobs.map(({ id }) => id).join(', ') || 'none';
    throw new ApiError(404, `The workflow of run ${run.id} has no job ${name ?? ''}. It has: ${known}.`);
  }
  run.status = 'in_progress';
  const checkRunId = jobId(run, index);
  if (!mayRequestToken(run, job)) return { job: job.id, checkRunId, variables: {} };
  const running = { runId: run.id, attempt: run.attempt, job, checkRunId };
  return { job: job.id, checkRunId, variables: context.jobTokens.admit(context.base, running) };
}

/** GitHub gives no token to the pull request of a fork. `pull_request_target` runs the workflow file of the repository itself. */
function mayRequestToken(run: Run, { mayRequestToken: isGranted }: JobDefinition): boolean {
  const isOfFork = run.headRepositoryId !== run.repositoryId;
  return isGranted && (!isOfFork || run.event === 'pull_request_target');
}
