import type { FunctionName } from './functions.ts';

/**
 * The facts that each function publishes, by detail type. Its role may publish no others: otherwise a compromised facts
 * or admin function could publish decisions.
 */
export const publishedFacts = {
  ingress: [],
  planning: [
    'config.checked',
    'config.observed',
    'delivery.ignored',
    'delivery.repeated',
    'deliveries.checked',
    'dispatch.completed',
    'message.dead-lettered',
    'operator.acted',
    'route.decided',
    'run.delayed',
    'run.planned',
    'schedule.missed',
  ],
  dispatch: ['dispatch.accepted', 'dispatch.failed', 'issue.reported', 'message.dead-lettered', 'plan.reported'],
  facts: ['message.dead-lettered'],
  admin: [
    'bulk-replay.changed',
    'dead-letter.acted',
    'key.changed',
    'pause.changed',
    'repository.confirmed',
    'schedule.changed',
    'webhook.changed',
  ],
} as const satisfies Readonly<Record<FunctionName, readonly string[]>>;
