import * as z from 'zod/mini';
import { RunCompleted } from './run-completed.ts';

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
