import type {
  AppPermissions,
  RequestedDispatch,
  DispatchRequested,
  GuardRails,
  Plan,
  RepositorySnapshot,
} from '@dispatcher/contracts';
import { decideRequest } from '../decide/decide.ts';
import type { KeyNow } from '../decide/match-request.ts';
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

/** Consent to the key nightly: cd.yml, and the event type deploy. */
export const consent = `inbound:
  - source: { key: nightly }
    targets:
      - { workflow: cd.yml }
      - { event-type: deploy }
`;

export interface RequestWorld {
  readonly asked?: RequestedDispatch;
  readonly key?: Partial<DispatchRequested['key']>;
  /** dispatching.yml of octo/deploy, or its whole reading. */
  readonly target?: string | RepositorySnapshot;
  readonly permissions?: AppPermissions | null;
  readonly guardRails?: Partial<GuardRails>;
  /** What became of the key since, where it is decided again. */
  readonly now?: KeyNow;
}

/** A request of the key nightly, whose scope names octo/deploy. */
export function aRequest({ asked = aWorkflow, key = {} }: RequestWorld = {}): DispatchRequested {
  return {
    type: 'dispatch.requested',
    version: 1,
    deliveryId: 'request-1',
    receivedAt: '2026-01-31T12:00:00.000Z',
    requestId: 'c'.repeat(32),
    key: { id: '0123456789abcdef', name: 'nightly', targets: ['octo/deploy'], ...key },
    request: asked,
  };
}

/** Decides in a world where key and target agree, but for what is changed. */
export function requestPlanIn(world: RequestWorld = {}): Plan {
  const { target = consent, permissions = { contents: 'write' }, guardRails } = world;
  return decideRequest({
    request: aRequest(world),
    targets: { 'octo/deploy': typeof target === 'string' ? aRepository('octo/deploy', target) : target },
    permissions,
    guardRails: { ...noGuardRails, ...guardRails },
    key: world.now,
  });
}

/** `allow`, or the code of the denial; the plan's code where there is no decision. */
export function requestOutcomeIn(world: RequestWorld = {}): string {
  const { decisions, code } = requestPlanIn(world);
  const [decision] = decisions;
  if (decision === undefined) return code;
  return decision.effect === 'allow' ? 'allow' : decision.code;
}
