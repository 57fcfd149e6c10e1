import * as z from 'zod/mini';
import { DispatchRequested, requesterOf } from './dispatch-requested.ts';
import { JobRequested } from './job-requested.ts';
import { fullName, RunCompleted } from './run-completed.ts';

/** What a plan is made for: a completed run, a request of a running job, or one of an API key, schedule or webhook. */
export const Trigger = z.discriminatedUnion('type', [RunCompleted, JobRequested, DispatchRequested]);
export type Trigger = z.infer<typeof Trigger>;

/** A trigger that is a run of a repository, or a job of one. */
export type RunTrigger = RunCompleted | JobRequested;

/** Returns whether a completed run or a job of a running one is the trigger. */
export function kindOfRun({ type }: Pick<RunTrigger, 'type'>): 'run' | 'job' {
  return type === 'run.completed' ? 'run' : 'job';
}

/** Returns `owner/name` of the source; null for a request, which belongs to no repository. */
export function repositoryOfTrigger(trigger: Trigger): string | null {
  return trigger.type === 'dispatch.requested' ? null : fullName(trigger.repository);
}

/** Returns the URL of the source's run on GitHub; null for a request, which belongs to no run. */
export function urlOfTrigger(trigger: Trigger): string | null {
  return trigger.type === 'dispatch.requested' ? null : trigger.run.htmlUrl;
}

/** Returns when the run completed or the request was received. Latencies are measured from this time. */
export function triggeredAt(trigger: Trigger): string {
  return trigger.type === 'run.completed' ? trigger.run.updatedAt : trigger.receivedAt;
}

/** Returns the display form of a trigger: `octo-org/app:ci.yml`, `octo-org/app:ci.yml (job)` or `key nightly`. */
export function triggerLabel(trigger: Trigger): string {
  if (trigger.type === 'dispatch.requested') {
    const { kind, name } = requesterOf(trigger);
    return `${kind} ${name}`;
  }
  const workflow = `${fullName(trigger.repository)}:${trigger.workflow}`;
  return trigger.type === 'run.completed' ? workflow : `${workflow} (job)`;
}
