import type { EmulatorControl, RunReport } from '@dispatcher/github-emulator';
import type { TestRoute } from '../workload/test-routes.ts';
import { type CheckEvidence, type Evidence, type Expected, runKeyOf, startedRuns } from './evidence.ts';

const nameOf = (check: string): string => `Dispatcher / ${check}`;
const summaryName = 'Dispatcher';

/** Reads Dispatcher's check runs from GitHub, and whether a commit that requires one of them may be merged. */
export async function readChecks(control: EmulatorControl, appId: number): Promise<CheckEvidence[]> {
  const runs = (await control.checkRuns()).filter(({ app }) => app.id === appId);
  return Promise.all(
    runs.map(async ({ repository, headSha, name, externalId, status, conclusion }) => {
      const { mergeable } = await control.mergeable(repository, { sha: headSha, check: name, appId });
      return { repository, headSha, name, externalId, status, conclusion, mergeable };
    }),
  );
}

/** Finds named checks that pass although their started run has not succeeded. Holds at any time, whatever happened. */
export function findEarlyPasses(
  { checks, runs }: Pick<Evidence, 'checks' | 'runs'>,
  routes: readonly TestRoute[],
): string[] {
  return routes.flatMap(({ name, check }) => {
    if (check === undefined || runs.some((run) => run.inputs['route'] === name && hasSucceeded(run))) return [];
    return checks
      .filter((shown) => shown.name === nameOf(check) && shown.mergeable)
      .map(({ conclusion }) => `the check ${check} passes with ${conclusion}, and its started run has not succeeded`);
  });
}

function hasSucceeded({ status, conclusion }: RunReport): boolean {
  return status === 'completed' && conclusion === 'success';
}

/**
 * Checks the check runs once the system is idle: each exists once, a required one passes exactly when its started run
 * succeeded, and none is open whose run ended or was never started.
 */
export function checkGates(evidence: Evidence, { routes, completed }: Expected): string[] {
  const named = routes.flatMap((route) => (route.check === undefined ? [] : [{ ...route, check: route.check }]));
  if (named.length === 0) return [];
  return [
    ...evidence.earlyPasses,
    ...findEarlyPasses(evidence, routes),
    ...findRepeated(evidence),
    ...completed.flatMap((source) => {
      const externalId = `dispatcher/${runKeyOf(source)}`;
      const own = evidence.checks.filter((check) => check.externalId === externalId);
      const started = startedRuns(evidence).filter(({ inputs }) => inputs['run'] === String(source.runId));
      const summary = own.find(({ name }) => name === summaryName);
      return [
        ...(summary?.status === 'completed' ? [] : [`the summary of run ${source.runId} is missing or open`]),
        ...named
          .filter((route) => route.source === source.repository)
          .flatMap((route) => {
            const shown = own.find(({ name }) => name === nameOf(route.check));
            const run = started.findLast(({ inputs }) => inputs['route'] === route.name);
            return checkGate(shown, run).map((text) => `check ${route.check} of run ${source.runId}: ${text}`);
          }),
      ];
    }),
  ];
}

function checkGate(shown: CheckEvidence | undefined, run: RunReport | undefined): string[] {
  if (shown === undefined) return ['there is no check run'];
  const isOpen = run !== undefined && run.status !== 'completed';
  const wanted = [isOpen ? 'in_progress' : 'completed', run !== undefined && hasSucceeded(run)];
  const found = [shown.status, shown.mergeable];
  return String(found) === String(wanted)
    ? []
    : [`[status, passes] are [${String(found)}] (${shown.conclusion}), expected [${String(wanted)}]`];
}

function findRepeated({ checks }: Evidence): string[] {
  const keys = checks.map(({ repository, name, externalId }) => `${name} in ${repository} for ${externalId}`);
  const repeated = [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))];
  return repeated.map((key) => `there are two check runs ${key}`);
}
