import {
  type GuardRails,
  type OwnerPolicies,
  type RepositorySnapshot,
  repositoryOfTrigger,
  type RouteDecided,
  type TargetSnapshots,
  triggerLabel,
} from '@dispatcher/contracts';
import { GitHubUnreachableError, outageOf, type RepositoryReader } from '@dispatcher/github';
import { type Attempt, DeferError } from '@dispatcher/lambda';
import {
  type CompileCache,
  confirmDecision,
  type CurrentRequester,
  dependsOnUnknown,
  headToRead,
  isNarrowed,
  ownerPolicies,
  policyOwnersOf,
  targetsOfRequest,
  targetToConfirm,
  waitForHeadMs,
  type Withdrawal,
} from '@dispatcher/rules';
import type { RepositoryIdStore } from '@dispatcher/store';
import type { PlannedDecision } from '../decision/planned-decision.ts';

export interface ConsentDependencies {
  /** Creates a reader that has read nothing yet. */
  readonly createReader: () => RepositoryReader;
  readonly cache: CompileCache;
  readonly guardRails: GuardRails;
  /** Knows which owners had a policy. */
  readonly repositoryIds: Pick<RepositoryIdStore, 'getPolicy'>;
  /** `DECISION_MAX_AGE`, in milliseconds. */
  readonly decisionMaxAgeMs: number;
  readonly now: () => number;
}

/** GitHub responded, but the source or the target could not be read. */
export class UnconfirmedDecisionError extends Error {
  override readonly name = 'UnconfirmedDecisionError';
}

/** Time between two reads of a branch that does not show the commit of a run yet. */
const headRetryMs = 15_000;

/**
 * Finds out whether an allowed decision still holds. Reads source and target again if the decision is older than
 * `DECISION_MAX_AGE`, if another plan has shown since that consent may have been withdrawn, if the guard rails are narrower
 * now, or if the key, schedule or webhook of the request has ended; otherwise reads nothing of GitHub.
 * @returns why the decision no longer holds; null if it holds
 * @throws GitHubUnreachableError, GitHubRateLimitedError or DeferError if it is not known yet
 */
export async function findWithdrawal(
  deps: ConsentDependencies,
  { decided, snapshot }: PlannedDecision,
  attempt: Attempt,
): Promise<Withdrawal | null> {
  const { decision } = decided.data;
  const requester = snapshot.requester ?? undefined;
  const reason = findDoubt(deps, decided, { requester, isWithdrawn: snapshot.isWithdrawn });
  if (reason === null) return null;
  const { source, targets, policies, policyRepositories } = await readBothSides(deps, decided, requester, attempt);
  const { guardRails, cache } = deps;
  const input = { planned: decided.data, source, targets, policies, guardRails, cache, requester };
  const { plan, withdrawal } = confirmDecision(input);
  if (dependsOnUnknown(plan)) {
    const outage = outageOf([
      [triggerName(decided), source],
      ...Object.entries(targets),
      ...Object.entries(policyRepositories),
    ]);
    if (outage !== null) throw unreachable(outage, deps.now());
    // As in planning, the last attempt records what could not be read.
    if (!attempt.isLast) throw new UnconfirmedDecisionError(withdrawal?.message ?? plan.message);
  }
  const waitMs = waitForHeadMs(plan, deps.now());
  if (waitMs > 0) throw new DeferError(plan.message, Math.min(headRetryMs, waitMs));
  const { dispatchId } = decision;
  if (withdrawal === null) attempt.log.info('decision confirmed', { dispatchId, reason });
  else attempt.log.warn('decision no longer holds', { dispatchId, reason, code: withdrawal.code });
  return withdrawal;
}

type Doubt = 'age' | 'withdrawal' | 'guard-rails' | 'requester';

/** Returns why a decision must be confirmed; null if it need not be. */
function findDoubt(
  { decisionMaxAgeMs, guardRails, now }: ConsentDependencies,
  { time: plannedAt, data }: RouteDecided,
  { requester, isWithdrawn }: { readonly requester: CurrentRequester | undefined; readonly isWithdrawn: boolean },
): Doubt | null {
  if (now() - Date.parse(plannedAt) >= decisionMaxAgeMs) return 'age';
  if (isNarrowed(data, guardRails)) return 'guard-rails';
  if (requester !== undefined && requester.ended !== null) return 'requester';
  return isWithdrawn ? 'withdrawal' : null;
}

interface BothSides {
  readonly source: RepositorySnapshot;
  readonly targets: TargetSnapshots;
  readonly policies: OwnerPolicies;
  /** The `.github` repositories of both owners. */
  readonly policyRepositories: Readonly<Record<string, RepositorySnapshot>>;
}

/** Reads source and target in one GraphQL query where one installation has access to both. */
async function readBothSides(
  { createReader, guardRails, repositoryIds }: ConsentDependencies,
  { data: { trigger, decision } }: RouteDecided,
  requester: CurrentRequester | undefined,
  { signal }: Attempt,
): Promise<BothSides> {
  const reader = createReader();
  const readPolicies = async (at: { installationId: number; owner: string } | null, owners: readonly string[]) => {
    const [policyRepositories, seen] = await Promise.all([
      reader.readPolicies(at, owners, { signal }),
      Promise.all(owners.map(async (each) => [each, await repositoryIds.getPolicy(each)] as const)),
    ]);
    return { policyRepositories, policies: ownerPolicies(policyRepositories, new Map(seen)) };
  };
  if (trigger.type === 'dispatch.requested') {
    const requests = targetsOfRequest(trigger, { ...guardRails, paused: false }, requester);
    const none: TargetSnapshots = {};
    const [targets, policies] = await Promise.all([
      requests.length === 0 ? none : reader.readTargets(null, requests, { signal }),
      readPolicies(null, policyOwnersOf(trigger, requests)),
    ]);
    return { source: { state: 'absent' }, targets, ...policies };
  }
  const { installationId } = trigger;
  const { owner, name } = trigger.repository;
  const request = targetToConfirm(decision);
  const [source, targets, policies] = await Promise.all([
    reader.readSource({ installationId, owner, name, head: headToRead(trigger) }, { signal }),
    reader.readTargets({ installationId, owner }, [request], { signal }),
    readPolicies({ installationId, owner }, policyOwnersOf(trigger, [request])),
  ]);
  return { source, targets, ...policies };
}

function triggerName({ data: { trigger } }: RouteDecided): string {
  return repositoryOfTrigger(trigger) ?? triggerLabel(trigger);
}

function unreachable({ message, retryAt }: NonNullable<ReturnType<typeof outageOf>>, now: number): Error {
  return new GitHubUnreachableError(message, null, retryAt === null ? {} : { retryAfterMs: retryAt - now });
}
