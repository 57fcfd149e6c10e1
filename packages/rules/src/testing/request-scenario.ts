import type {
  AppPermissions,
  RequestedDispatch,
  RequesterKind,
  DispatchRequested,
  Requester,
  GuardRails,
  Plan,
  RepositorySnapshot,
} from '@dispatcher/contracts';
import { decideRequest } from '../decide/decide.ts';
import type { CurrentRequester } from '../decide/match-request.ts';
import { aRepository, noGuardRails } from './run-scenario.ts';

export const aWorkflow = {
  kind: 'workflow' as const,
  repository: 'octo/deploy',
  workflow: 'cd.yml',
  ref: null,
  inputs: {},
} satisfies RequestedDispatch;
export const anEvent = {
  kind: 'event' as const,
  repository: 'octo/deploy',
  eventType: 'deploy',
  clientPayload: null,
} satisfies RequestedDispatch;

/** Consent to the key `nightly`: the workflow cd.yml and the event type deploy. */
export const consent = `inbound:
  - source: { key: nightly }
    targets:
      - { workflow: cd.yml }
      - { event-type: deploy }
`;

/** The input of a decision about a request. Everything that is left out is such that key and target agree. */
export interface RequestScenario {
  readonly request?: RequestedDispatch;
  /** What requests; the key `nightly` by default. */
  readonly kind?: RequesterKind;
  readonly key?: Partial<Requester>;
  /** The dispatching.yml of octo/deploy, or its whole snapshot. */
  readonly target?: string | RepositorySnapshot;
  readonly permissions?: AppPermissions | null;
  readonly guardRails?: Partial<GuardRails>;
  /** The key as it is now, for a replay. */
  readonly now?: CurrentRequester;
}

/** Returns a request of the key, schedule or webhook `nightly`, whose scope includes octo/deploy. */
export function aRequest({ request = aWorkflow, kind = 'key', key = {} }: RequestScenario = {}): DispatchRequested {
  return {
    type: 'dispatch.requested',
    version: 1,
    deliveryId: 'request-1',
    receivedAt: '2026-01-31T12:00:00.000Z',
    requestId: 'c'.repeat(32),
    [kind]: { id: '0123456789abcdef', name: 'nightly', targets: ['octo/deploy'], ...key },
    request,
  };
}

/** Plans a scenario. */
export function requestPlanIn(scenario: RequestScenario = {}): Plan {
  const { target = consent, permissions = { contents: 'write' }, guardRails } = scenario;
  return decideRequest({
    request: aRequest(scenario),
    targets: { 'octo/deploy': typeof target === 'string' ? aRepository('octo/deploy', target) : target },
    permissions,
    guardRails: { ...noGuardRails, ...guardRails },
    requester: scenario.now,
  });
}

/** Returns `allow`, the code of the denial, or the plan's code if there is no decision. */
export function requestOutcomeIn(scenario: RequestScenario = {}): string {
  const { decisions, code } = requestPlanIn(scenario);
  const [decision] = decisions;
  if (decision === undefined) return code;
  return decision.effect === 'allow' ? 'allow' : decision.code;
}
