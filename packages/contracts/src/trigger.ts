import * as z from 'zod/mini';
import { DispatchRequested } from './dispatch-requested.ts';
import { fullName, RunCompleted } from './run-completed.ts';

/** What a plan is made for: a completed run, or a `POST /dispatch` of an API key. */
export const Trigger = z.discriminatedUnion('type', [RunCompleted, DispatchRequested]);
export type Trigger = z.infer<typeof Trigger>;

/** Returns `owner/name` of the source; null for a request of an API key, which belongs to no repository. */
export function repositoryOfTrigger(trigger: Trigger): string | null {
  return trigger.type === 'run.completed' ? fullName(trigger.repository) : null;
}

/** Returns the URL of the source's run on GitHub; null for a request of an API key. */
export function urlOfTrigger(trigger: Trigger): string | null {
  return trigger.type === 'run.completed' ? trigger.run.htmlUrl : null;
}

/** Returns when the run completed or the request was received. Latencies are measured from this time. */
export function triggeredAt(trigger: Trigger): string {
  return trigger.type === 'run.completed' ? trigger.run.updatedAt : trigger.receivedAt;
}

/** Returns the display form of a trigger: `octo-org/app:ci.yml` or `key nightly`. */
export function triggerLabel(trigger: Trigger): string {
  return trigger.type === 'run.completed'
    ? `${fullName(trigger.repository)}:${trigger.workflow}`
    : `key ${trigger.key.name}`;
}
