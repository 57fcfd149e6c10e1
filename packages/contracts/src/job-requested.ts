import * as z from 'zod/mini';
import { RunCompleted } from './run-completed.ts';

const { run, type: _, ...shared } = RunCompleted.shape;

/**
 * A job of a running workflow requested a dispatch, with the OIDC token that GitHub Actions gave to it. `workflow`,
 * `event` and the ref come from the token, the rest of the run from GitHub's API.
 */
export const JobRequested = z.object({
  ...shared,
  type: z.literal('job.requested'),
  /** 32 hex digits; see `requestIdOf` in `ids.ts`. */
  requestId: z.string(),
  run: z.object({
    ...run.shape,
    /** Whether `headBranch` is a branch or a tag. Null if the run belongs to neither, and then `headBranch` is null. */
    refType: z.nullable(z.enum(['branch', 'tag'])),
  }),
  job: z.object({
    /** The id of the job's check run; null if the token names none (older GitHub Enterprise Server). */
    checkRunId: z.nullable(z.string()),
    /** The environment of the job; null if it has none. */
    environment: z.nullable(z.string()),
  }),
  request: z.object({
    /** `owner/name`, as the job wrote it. */
    repository: z.string(),
    /** File name below `.github/workflows/`. */
    workflow: z.string(),
    /** The `id` of the outbound target; null if it has none. */
    id: z.nullable(z.string()),
    /**
     * What templates can use as `job.inputs.<name>`. Absent from facts: they contain what is sent, and both together can be
     * larger than an event of EventBridge.
     */
    inputs: z.optional(z.record(z.string(), z.string())),
  }),
});
export type JobRequested = z.infer<typeof JobRequested>;
