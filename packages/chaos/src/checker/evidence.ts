import type { Fact, ReplayMode } from '@dispatcher/contracts';
import type { EmulatorControl, Issue, RunReport } from '@dispatcher/github-emulator';
import type { RecordedFact } from '@dispatcher/store';
import type { TestRequest, TestRoute } from '../workload/test-routes.ts';

/** The observable state once the system is idle: GitHub, the fact log and the counters. The checker reads nothing else. */
export interface Evidence {
  readonly runs: readonly RunReport[];
  readonly issues: readonly Issue[];
  readonly checks: readonly CheckEvidence[];
  /** Required checks that passed at some time, too early. */
  readonly earlyPasses: readonly string[];
  /** Every fact of the log, once. */
  readonly facts: readonly RecordedFact[];
  /** The all-time counters of the projections. */
  readonly totals: Readonly<Record<string, number>>;
  /** How the stored projections differ from what the facts fold to. */
  readonly differences: readonly string[];
}

type CheckRun = Awaited<ReturnType<EmulatorControl['checkRuns']>>[number];

/** A check run of Dispatcher. */
export interface CheckEvidence
  extends Pick<CheckRun, 'repository' | 'headSha' | 'name' | 'externalId' | 'status' | 'conclusion'> {
  /** By GitHub's rule, for a pull request that requires the check of this name, from Dispatcher. */
  readonly mergeable: boolean;
}

/** What must have happened: each of these routes, once for each completed run of its source. */
export interface Expected {
  readonly routes: readonly TestRoute[];
  readonly completed: readonly CompletedRun[];
  /** Requests to the dispatch API. */
  readonly requests?: readonly RequestWithResponses[];
  /** An operator replayed the only route of the only run once, in this mode. */
  readonly replay?: ReplayMode | undefined;
  /** GitHub returned no run ids, so an accepted dispatch may lack one. Otherwise it must name the run it started. */
  readonly runIdsMayBeMissing?: boolean;
}

/** A request and every response to it: it was sent again with the same idempotency key. */
export interface RequestWithResponses extends TestRequest {
  readonly responses: readonly { readonly status: number; readonly body: Readonly<Record<string, unknown>> }[];
}

export interface CompletedRun {
  readonly repository: string;
  readonly repositoryId: number;
  readonly runId: number;
  readonly attempt: number;
}

export type FactOf<T extends Fact['type']> = Extract<RecordedFact, { type: T }>;

export function runKeyOf({ repositoryId, runId, attempt }: Omit<CompletedRun, 'repository'>): string {
  return `${repositoryId}-${runId}-${attempt}`;
}

/** Returns the runs that Dispatcher started. */
export function startedRuns({ runs }: Evidence): RunReport[] {
  return runs.filter(({ startedByInstallation }) => startedByInstallation !== null);
}

/** True if this run was started for the request. */
export function isRunOfRequest({ inputs, clientPayload }: RunReport, { name }: TestRequest): boolean {
  return (inputs['route'] ?? clientPayload?.['route']) === name;
}
