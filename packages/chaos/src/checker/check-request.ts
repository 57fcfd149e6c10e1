import type { RunReport } from '@dispatcher/github-emulator';
import { type Evidence, isRunOfRequest, type RequestWithResponses, startedRuns } from './evidence.ts';

/** A request to the dispatch API is decided once, has one result, and every response to it is the same. */
export function checkRequest(evidence: Evidence, request: RequestWithResponses): string[] {
  const { responses, kind } = request;
  const distinct = new Set(
    responses.map(({ status, body }) => `${status} ${String(body['dispatchId'])} ${String(body['runKey'])}`),
  );
  const [{ status, body } = { status: 0, body: {} }] = responses;
  if (distinct.size !== 1 || status !== 202) return [`the responses are ${[...distinct].join(', then ')}`];
  const dispatchId = String(body['dispatchId']);
  const facts = evidence.facts.filter(({ runKey }) => runKey === body['runKey']);
  const found = facts
    .filter(({ type }) => type !== 'dispatch.completed')
    .map(({ type }) => type)
    .toSorted();
  const wanted = ['dispatch.accepted', 'route.decided', 'run.planned'];
  if (String(found) !== String(wanted)) return [`its facts are ${String(found)}, expected ${String(wanted)}`];
  const accepted = facts.find((fact) => fact.type === 'dispatch.accepted');
  const decided = facts.find((fact) => fact.type === 'route.decided');
  const ids = [accepted?.data.dispatchId, decided?.data.decision.dispatchId];
  const started = startedRuns(evidence).filter((run) => isRunOfRequest(run, request));
  const acceptedAs = accepted?.data.workflowRunId ?? null;
  return [
    ...(String(ids) === String([dispatchId, dispatchId])
      ? []
      : [`the response names dispatch ${dispatchId}, but the facts name ${String(ids)}`]),
    ...started
      .filter((run) => run.repository !== request.target)
      .map((run) => `a run was started in ${run.repository}`),
    ...(kind === 'workflow'
      ? checkWorkflow(started, acceptedAs)
      : checkEvent(started, acceptedAs, accepted?.data.code)),
  ];
}

function checkWorkflow(started: readonly RunReport[], acceptedAs: number | null): string[] {
  return String(started.map(({ id }) => id)) === String(acceptedAs)
    ? []
    : [`accepted as run ${acceptedAs}, but the started runs are [${String(started.map(({ id }) => id))}]`];
}

/**
 * GitHub never says which run an event started. An event whose response was lost may or may not have been delivered, and
 * is not sent again.
 */
function checkEvent(started: readonly RunReport[], acceptedAs: number | null, code: string | undefined): string[] {
  const isRight = code === 'response-lost' ? started.length <= 1 : code === undefined && started.length === 1;
  return [
    ...(acceptedAs === null ? [] : [`accepted as run ${acceptedAs}, which GitHub did not return`]),
    ...(isRight ? [] : [`${started.length} runs for an event recorded as ${code ?? 'accepted'}`]),
  ];
}
