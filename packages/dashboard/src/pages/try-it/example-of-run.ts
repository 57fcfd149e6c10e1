import type { Schemas } from '../../api/client.ts';
import { type Example, examples } from './example.ts';

type Fact = Schemas['Fact'];

/** Returns the example that a run's plan describes, without the files, and which files it read; null without a plan. */
export function exampleOfRun(
  facts: readonly Fact[],
): { readonly example: Example; readonly files: readonly string[] } | null {
  const planned = facts.find((fact) => fact.type === 'run.planned');
  if (planned?.type !== 'run.planned') return null;
  const { trigger, sourceFile } = planned.data;
  if (trigger.type !== 'run.completed') return null;
  const decided = facts.find((fact) => fact.type === 'route.decided');
  const decision = decided?.type === 'route.decided' ? decided.data.decision : null;
  const { repository, workflow, run } = trigger;
  const files = [sourceFile, decision?.targetFile].flatMap((file) =>
    file === undefined ? [] : [`${file.repository} ${file.path} at ${file.sha.slice(0, 7)}`],
  );
  const example: Example = {
    ...examples.agreed.example,
    source: `${repository.owner}/${repository.name}`,
    workflow,
    event: run.event,
    branch: run.headBranch ?? repository.defaultBranch,
    conclusion: run.conclusion ?? 'success',
    target: decision?.route.target.repository ?? examples.agreed.example.target,
    sourceFile: '',
    targetFile: '',
  };
  return { example, files };
}
