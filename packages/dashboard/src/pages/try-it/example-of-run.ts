import { requesterKinds } from '@dispatcher/contracts';
import type { Schemas } from '../../api/client.ts';
import { type Example, examples } from './example.ts';

type Plan = Pick<Schemas['PlanResponse'], 'facts' | 'files'>;
type Reference = Schemas['FileReference'] | undefined;

/** A run as an example whose files are still to be read. A blob id is null if the content is not stored. */
export interface RunToTry {
  readonly example: Example;
  readonly sourceBlobId: string | null;
  readonly targetBlobId: string | null;
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

type PlannedTrigger = Schemas['Trigger'];
type Repository = { readonly owner: string; readonly name: string };

const fullNameOf = ({ owner, name }: Repository) => `${owner}/${name}`;

const textOfInputs = (inputs: Readonly<Record<string, string>> | undefined) =>
  Object.entries(inputs ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

/** Returns the fields of a trigger; null for a request of something that this version does not know. */
function fieldsOf(trigger: PlannedTrigger): Partial<Example> | null {
  if (trigger.type === 'dispatch.requested') {
    const { request } = trigger;
    const kind = requesterKinds.find((each) => trigger[each] !== undefined);
    if (kind === undefined) return null;
    const shared = { trigger: kind, requester: trigger[kind]?.name ?? '', target: request.repository };
    if (request.kind === 'event') return { ...shared, requested: 'event', eventType: request.eventType };
    return {
      ...shared,
      targetWorkflow: request.workflow,
      ref: request.ref ?? '',
      inputs: textOfInputs(request.inputs),
    };
  }
  const { repository, workflow, run } = trigger;
  const shared = {
    source: fullNameOf(repository),
    workflow,
    event: run.event,
    branch: run.headBranch ?? repository.defaultBranch,
  };
  if (trigger.type === 'run.completed') return { ...shared, trigger: 'run', conclusion: run.conclusion ?? 'success' };
  const { job, request } = trigger;
  return {
    ...shared,
    trigger: 'job',
    environment: job.environment ?? '',
    target: request.repository,
    targetWorkflow: request.workflow,
    targetId: request.id ?? '',
    inputs: textOfInputs(request.inputs),
  };
}

/** Returns the example that the newest plan of a run describes; null without a plan. */
export function exampleOfRun({ facts, files }: Plan): RunToTry | null {
  const planned = facts.findLast((fact) => fact.type === 'run.planned');
  const fields = planned?.type === 'run.planned' ? fieldsOf(planned.data.trigger) : null;
  if (planned?.type !== 'run.planned' || fields === null) return null;
  const decided = facts.findLast((fact) => fact.type === 'route.decided');
  const decision = decided?.type === 'route.decided' ? decided.data.decision : null;
  const blobIdOf = (reference: Reference) =>
    files.find(
      ({ repository, sha, path }) =>
        reference !== undefined &&
        isSame(repository, reference.repository) &&
        sha === reference.sha &&
        path === reference.path,
    )?.blobId ?? null;
  return {
    example: {
      ...examples.agreed.example,
      target: decision?.route.target.repository ?? examples.agreed.example.target,
      inputs: '',
      ...fields,
      sourceFile: '',
      targetFile: '',
    },
    sourceBlobId: blobIdOf(planned.data.sourceFile),
    targetBlobId: blobIdOf(decision?.targetFile),
  };
}
