import { type JobRequested, requestIdOf, sameName } from '@dispatcher/contracts';
import {
  problemOfEnvironment,
  problemOfId,
  problemOfRepository,
  problemOfWorkflow,
  workflowFileName,
} from '@dispatcher/rules';
import { UsageError } from '../command.ts';
import { parseInput, parseStart, refuse } from './decide-trigger.ts';

export interface JobOptions {
  /** `owner/name:workflow.yml` */
  readonly job: string;
  /** `owner/name:workflow.yml` or `owner/name:workflow.yml#id` */
  readonly start: string | undefined;
  /** The branch or tag that the job runs on; null for the default branch. */
  readonly ref: string | null;
  readonly refType: 'branch' | 'tag';
  readonly event: string;
  readonly environment: string | null;
  /** `name=value` */
  readonly inputs: readonly string[];
  /** `owner/name=branch` */
  readonly defaultBranches: readonly string[];
}

const time = '1970-01-01T00:00:00.000Z';
const sha = '0'.repeat(40);

/** Builds the request of a job as planning builds it from the token and the live run. @throws UsageError */
export function readJobTrigger(options: JobOptions): JobRequested {
  const { repository, workflow } = parseJob(options.job);
  const [owner = '', name = ''] = repository.split('/');
  const [start, id = null] = options.start?.split('#') ?? [];
  if (id !== null) refuse('--start', problemOfId(id));
  const { environment } = options;
  if (environment !== null) refuse('--environment', problemOfEnvironment(environment));
  return {
    type: 'job.requested',
    version: 1,
    deliveryId: 'explain',
    receivedAt: time,
    installationId: 1,
    requestId: requestIdOf('job', 'explain'),
    repository: { id: 1, owner, name, defaultBranch: '' },
    workflow,
    run: {
      id: 1,
      number: 1,
      attempt: 1,
      event: options.event,
      conclusion: null,
      headBranch: options.ref ?? defaultBranchOf(repository, options.defaultBranches),
      refType: options.refType,
      headSha: sha,
      headRepositoryId: 1,
      htmlUrl: `https://github.com/${repository}/actions/runs/1`,
      startedAt: time,
      updatedAt: time,
      actor: null,
    },
    job: { checkRunId: null, environment },
    request: { ...parseStart(start), id, inputs: inputsOf(options.inputs) },
  };
}

function parseJob(text: string): { readonly repository: string; readonly workflow: string } {
  const at = text.indexOf(':');
  const [repository, workflow] = [text.slice(0, at), workflowFileName(text.slice(at + 1))];
  if (at < 0 || !repository.includes('/')) {
    throw new UsageError('--trigger job: needs the workflow of the job: job:owner/name:release.yml.');
  }
  refuse('--trigger', problemOfRepository(repository) ?? problemOfWorkflow(workflow));
  return { repository, workflow };
}

/** The values of a job may have line breaks and any length up to GitHub's limit, which the decision checks. */
function inputsOf(inputs: readonly string[]): Record<string, string> {
  return Object.fromEntries(inputs.map((text) => parseInput(text, () => null)));
}

function defaultBranchOf(repository: string, entries: readonly string[]): string {
  const named = entries.find((entry) => sameName(entry.split('=')[0] ?? '', repository));
  return named?.split('=')[1] ?? 'main';
}
