/** What an operator creates and names, and what then requests dispatches within its scope. */
export const requesterKinds = ['key', 'schedule', 'webhook'] as const;
export type RequesterKind = (typeof requesterKinds)[number];

/** The name of an API key, a schedule or a webhook when it is created. */
export const requesterNamePattern = /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/;

/**
 * Every kind of trigger: a completed run, a job of a running workflow, and what operators own. A rule is for one kind and
 * admits no other. Rules, checks and the tests of consent are derived from this list.
 */
export const triggerKinds = ['run', 'job', ...requesterKinds] as const;
export type TriggerKind = (typeof triggerKinds)[number];
