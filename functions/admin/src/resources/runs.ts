import type { RunSearch } from '@dispatcher/store';
import { Plan, Run, Runs } from './responses.ts';
import { notRecorded, Problem } from '../http/problem.ts';
import { PageQuery, RunParams, RunsQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import type { ApiReads } from './api-reads.ts';

export function addRunRoutes(api: Api, reads: ApiReads): void {
  const find = {
    summary:
      'Find a run by its id or address on GitHub, of either side, by commit, delivery or dispatch; newest first.',
    description: 'Exactly one of `run`, `commit`, `delivery` and `dispatch` is to be named.',
    querystring: RunsQuery,
    response: { 200: Runs },
    problems: { 404: 'No run is recorded under it.' },
  };
  api.get('/runs', { schema: find }, async ({ query }) => {
    const search = searchOf(query);
    const { items, cursor } = await reads.findRuns(search, query);
    if (items.length === 0 && query.cursor === undefined) throw notFound(search);
    return { runs: items, cursor };
  });

  const run = {
    summary: 'Every fact of one run with its checks, in the order of the steps.',
    params: RunParams,
    querystring: PageQuery,
    response: { 200: Run },
    problems: { 404: 'Nothing is recorded about this run.' },
  };
  api.get('/runs/:runKey', { schema: run }, async ({ params: { runKey }, query }) => {
    const { items, cursor } = await reads.run(runKey, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded(`run ${runKey}`);
    return { runKey, facts: items, cursor };
  });

  const plan = {
    summary: 'The plan of one run: its outcome, and its decisions with all their checks.',
    description: 'Of every revision: an operator’s *decide again* adds one.',
    params: RunParams,
    querystring: PageQuery,
    response: { 200: Plan },
    problems: { 404: 'No plan of this run is recorded.' },
  };
  api.get('/plans/:runKey', { schema: plan }, async ({ params: { runKey }, query }) => {
    const { items, cursor } = await reads.plan(runKey, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded(`a plan of run ${runKey}`);
    return { runKey, facts: items, cursor };
  });
}

/** The one thing that the query names: its schema lets exactly one through. */
function searchOf({ run, commit, delivery, dispatch = '' }: RunsQuery): RunSearch {
  if (run !== undefined) return { by: 'run-id', value: run };
  if (commit !== undefined) return { by: 'commit', value: commit };
  if (delivery !== undefined) return { by: 'delivery', value: delivery };
  return { by: 'dispatch', value: dispatch };
}

function notFound({ by, value }: RunSearch): Problem {
  return new Problem(404, `No run is recorded under ${by} ${value}. If it ended just now, ask again in some seconds.`);
}
