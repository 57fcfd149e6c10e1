import { type Fact, foldName, repositoryOfTrigger, type Route } from '@dispatcher/contracts';

/** Returns the lower-case repository: the source for facts about a run, the target for facts about a route. */
export function repositoryOf(fact: Fact): string | undefined {
  switch (fact.type) {
    case 'run.planned': {
      const repository = repositoryOfTrigger(fact.data.trigger);
      return repository === null ? undefined : foldName(repository);
    }
    case 'run.delayed':
      return fact.data.repository === null ? undefined : foldName(fact.data.repository);
    case 'delivery.repeated':
    case 'delivery.ignored':
    case 'plan.reported':
      return foldName(fact.data.repository);
    case 'route.decided':
      return foldName(fact.data.decision.route.target.repository);
    case 'dispatch.accepted':
    case 'dispatch.failed':
    case 'dispatch.completed':
    case 'issue.reported':
      return foldName(fact.data.route.target.repository);
    default:
      return undefined;
  }
}

/** A fact that changes the status of a route. */
export interface RouteOfFact {
  readonly routeId: string;
  readonly route: Route;
  readonly dispatchId: string;
}

/** Returns the route of a decision or of a step of a dispatch; null for any other fact. */
export function routeOf(fact: Fact): RouteOfFact | null {
  switch (fact.type) {
    case 'route.decided':
      return fact.data.decision;
    case 'dispatch.accepted':
    case 'dispatch.failed':
    case 'dispatch.completed':
      return fact.data;
    default:
      return null;
  }
}

export function deadLetterIdOf(fact: Fact): string | null {
  if (fact.type === 'message.dead-lettered') return fact.id;
  return fact.type === 'dead-letter.acted' ? fact.data.deadLetterId : null;
}
