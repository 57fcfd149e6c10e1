import type { RunReport } from '@dispatcher/github-emulator';
import type { RecordedFact } from '@dispatcher/store';
import { type Evidence, type Expected, runKeyOf } from './evidence.ts';

/** The end of a started run is recorded once: under the dispatch and the delivery that started it, with GitHub's conclusion. */
export function checkCompletion({ facts }: Evidence, expected: Expected, run: RunReport): string[] {
  // GitHub does not say which dispatch the runs of an event belong to.
  if (run.status !== 'completed' || run.event === 'repository_dispatch') return [];
  const recorded = facts.flatMap((fact) =>
    fact.type === 'dispatch.completed' && fact.data.targetRunUrl === run.htmlUrl ? [fact] : [],
  );
  const dispatchId = run.inputs['dispatch'] ?? dispatchAcceptedAs(facts, run);
  // Of the runs that a rule needs, one is allowed to dispatch, and the others have the same dispatch id.
  const decided = facts.find(
    (fact) =>
      fact.type === 'route.decided' &&
      fact.data.decision.dispatchId === dispatchId &&
      fact.data.decision.effect === 'allow',
  );
  const wanted = [decided?.runKey, decided?.correlationId, dispatchId, run.conclusion, run.stopped];
  const wrong = recorded
    .map(({ runKey, correlationId, data }) => {
      const { dispatchId, conclusion, code } = data;
      return [runKey, correlationId, dispatchId, conclusion, code === 'run-not-started'];
    })
    .filter((found) => String(found) !== String(wanted));
  return [
    ...(recorded.length === 1 || expected.runIdsMayBeMissing === true
      ? []
      : [`the end of run ${run.id} is recorded ${recorded.length} times; its own plan is ${planOf(facts, run)}`]),
    ...wrong.map((found) => `the end of run ${run.id} is recorded as ${String(found)}, expected ${String(wanted)}`),
  ];
}

/** An API key chooses the inputs itself, so they may lack the dispatch id. */
function dispatchAcceptedAs(facts: readonly RecordedFact[], { id }: RunReport): string | undefined {
  const accepted = facts.find((fact) => fact.type === 'dispatch.accepted' && fact.data.workflowRunId === id);
  return accepted?.type === 'dispatch.accepted' ? accepted.data.dispatchId : undefined;
}

function planOf(facts: readonly RecordedFact[], { repositoryId, id, attempt }: RunReport): string {
  const key = runKeyOf({ repositoryId, runId: id, attempt });
  const plans = facts.flatMap((fact) => (fact.type === 'run.planned' && fact.runKey === key ? [fact.data] : []));
  return plans.map(({ outcome, code }) => `${outcome} (${code})`).join(', ') || 'missing';
}
