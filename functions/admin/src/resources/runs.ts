import { ProblemError } from '@dispatcher/lambda';
import { fullFactsOfPlan } from '@dispatcher/contracts';
import { runHistory, type RunSearch } from '@dispatcher/store';
import { notRecorded } from '../http/problem.ts';
import { PageQuery, PlansQuery, RunParams, RunsQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import { PlanResponse, RunResponse, RunsResponse } from './responses.ts';

export function addRunRoutes(api: Api): void {
  const search = {
    summary:
      'Lists runs, or searches them by their id or URL on GitHub, by commit, delivery or dispatch; newest first.',
    description:
      'Takes either one of `run`, `commit`, `delivery` and `dispatch`, or the filters. A run that was delivered under two GUIDs is listed for each of them.',
    querystring: RunsQuery,
    response: { 200: RunsResponse },
    problems: { 404: 'No recorded run matches the search parameter.' },
  };
  api.get('/runs', { schema: search }, async ({ query, reads }) => {
    const criterion = criterionOf(query);
    if (criterion === null) {
      const { items, cursor } = await reads.runs(query);
      return { runs: items, cursor };
    }
    const { items, cursor } = await reads.findRuns(criterion, query);
    if (items.length === 0 && query.cursor === undefined) throw notFound(criterion);
    return { runs: items, cursor };
  });

  const run = {
    summary:
      'Returns the history of one run: its facts in order of time, grouped by the revision of its plan, newest revision first.',
    description:
      'Without satisfied checks; `GET /api/plans/{runKey}` returns all of them. A plan, a denied decision or a failed dispatch is marked as `resolved` once a dispatch of a later revision was accepted, of the same route if it names one. A fact marked as `abridged` is too long to be stored whole: the plan has its texts in full. A page holds about a thousand facts, ten for each of a hundred targets; with more, each page is grouped for itself.',
    params: RunParams,
    querystring: PageQuery,
    response: { 200: RunResponse },
    problems: { 404: 'Nothing is recorded for this run.' },
  };
  api.get('/runs/:runKey', { schema: run }, async ({ params: { runKey }, query, reads }) => {
    const { items, cursor } = await reads.run(runKey, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded(`run ${runKey}`);
    return { runKey, revisions: runHistory(items), cursor };
  });

  const plan = {
    summary: 'Returns the plan of one run: its outcome, and its decisions with all their checks.',
    description:
      'Includes every revision, newest first, unless `revision` names one: each re-evaluation by an operator adds one. A plan is stored for 100 days.',
    params: RunParams,
    querystring: PlansQuery,
    response: { 200: PlanResponse },
    problems: { 404: 'No plan of this run is stored, or none of this revision.' },
  };
  api.get('/plans/:runKey', { schema: plan }, async ({ params: { runKey }, query, reads }) => {
    const { items, cursor } = await reads.plans(runKey, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded(`the plan of run ${runKey}`);
    const files = items.flatMap(({ files: read = [] }) => read);
    return { runKey, facts: items.flatMap(({ plan, plannedAt }) => fullFactsOfPlan(plan, plannedAt)), files, cursor };
  });
}

/** Returns the search parameter of the query, of which the schema accepts at most one; null without one. */
function criterionOf({ run, commit, delivery, dispatch }: RunsQuery): RunSearch | null {
  if (run !== undefined) return { by: 'run-id', value: run };
  if (commit !== undefined) return { by: 'commit', value: commit };
  if (delivery !== undefined) return { by: 'delivery', value: delivery };
  return dispatch === undefined ? null : { by: 'dispatch', value: dispatch };
}

function notFound({ by, value }: RunSearch): ProblemError {
  const recent = 'If it completed just now, try again in a few seconds.';
  // The response to a denied request names the dispatch that it did not start.
  const denied = by === 'dispatch' ? ' A denied decision starts no dispatch: search for its run.' : '';
  const detail = `No run is recorded for ${by} ${value}. ${recent}${denied}`;
  return new ProblemError(404, detail);
}
