import * as z from 'zod/mini';
import { DispatchRequested } from './dispatch-requested.ts';
import { fullName, RunCompleted } from './run-completed.ts';

/** What a plan is about: a run that completed, or a request that a key made at `POST /dispatch`. */
export const Trigger = z.discriminatedUnion('type', [RunCompleted, DispatchRequested]);
export type Trigger = z.infer<typeof Trigger>;

/** `owner/name` of the source; null where a key asked: it belongs to no repository. */
export function repositoryOfTrigger(origin: Trigger): string | null {
  return origin.type === 'run.completed' ? fullName(origin.repository) : null;
}

/** Where a person can look at the source's run; null where a key asked. */
export function urlOfTrigger(origin: Trigger): string | null {
  return origin.type === 'run.completed' ? origin.run.htmlUrl : null;
}

/** When it happened: latencies are measured from here. */
export function triggeredAt(origin: Trigger): string {
  return origin.type === 'run.completed' ? origin.run.updatedAt : origin.receivedAt;
}

/** `octo-org/app:ci.yml`, or `key nightly`. */
export function triggerLabel(origin: Trigger): string {
  return origin.type === 'run.completed'
    ? `${fullName(origin.repository)}:${origin.workflow}`
    : `key ${origin.key.name}`;
}
