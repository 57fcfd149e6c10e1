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

/** Returns the example that the newest plan of a run describes; null for a request of an API key, and without a plan. */
export function exampleOfRun({ facts, files }: Plan): RunToTry | null {
  const planned = facts.findLast((fact) => fact.type === 'run.planned');
  if (planned?.type !== 'run.planned' || planned.data.trigger.type !== 'run.completed') return null;
  const { trigger, sourceFile } = planned.data;
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
  const { repository, workflow, run } = trigger;
  return {
    example: {
      ...examples.agreed.example,
      source: `${repository.owner}/${repository.name}`,
      workflow,
      event: run.event,
      branch: run.headBranch ?? repository.defaultBranch,
      conclusion: run.conclusion ?? 'success',
      target: decision?.route.target.repository ?? examples.agreed.example.target,
      sourceFile: '',
      targetFile: '',
    },
    sourceBlobId: blobIdOf(sourceFile),
    targetBlobId: blobIdOf(decision?.targetFile),
  };
}
