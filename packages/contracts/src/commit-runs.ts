import * as z from 'zod/mini';
import { RunCompleted } from './run-completed.ts';
import type { Lineage, UnknownSnapshot } from './snapshots.ts';

/** A run of a workflow on the commit of another run, as rules with `needs` compare it. */
export const CommitRun = z.object({
  /** File name. */
  workflow: z.string(),
  /** A run that is not completed has no conclusion. */
  isCompleted: z.boolean(),
  run: RunCompleted.shape.run,
});
export type CommitRun = z.infer<typeof CommitRun>;

/** The run whose plan dispatches for a commit. */
export const DispatchClaim = z.object({ runKey: z.string(), runUrl: z.string() });
export type DispatchClaim = z.infer<typeof DispatchClaim>;

/** What is known of the runs on the commit of a completed run. */
export interface CommitRuns {
  /** Runs of the same repository, branch or tag, and commit; several of a workflow are possible. */
  readonly runs: readonly CommitRun[];
  /** Set if GitHub's list could not be read. */
  readonly unknown?: UnknownSnapshot | undefined;
  /** By dispatch id. */
  readonly claims: Readonly<Record<string, DispatchClaim>>;
  /** The lineages of runs that a dispatch started, by run id. */
  readonly lineages: Readonly<Record<number, Lineage>>;
}
