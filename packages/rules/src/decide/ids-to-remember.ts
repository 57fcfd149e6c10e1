import {
  type Decision,
  foldName,
  type Plan,
  type RememberedId,
  type RememberedIds,
  type RememberedTargets,
  type RepositorySnapshot,
  type TargetSnapshots,
} from '@dispatcher/contracts';
import type { CheckName } from '../checks/checks.ts';
import { blobIdOf, isOfOtherOwner } from '../checks/repository-ids.ts';

export interface IdsOfRun {
  readonly plan: Plan;
  readonly source: RepositorySnapshot;
  readonly targets: TargetSnapshots;
  readonly remembered: RememberedTargets;
}

/**
 * Returns what a plan changes in the remembered ids, by lower-case target: the ids of an allowed dispatch, and a
 * repository that was refused because another one had its name. Most plans change nothing.
 */
export function idsToRemember({ plan, source, targets, remembered }: IdsOfRun): RememberedTargets {
  const { trigger } = plan;
  if (trigger.type === 'dispatch.requested' || source.state !== 'read') return {};
  const changed = new Map<string, RememberedIds>();
  for (const decision of plan.decisions) {
    const key = foldName(decision.route.target.repository);
    const target = Object.hasOwn(targets, key) ? targets[key] : undefined;
    if (!isOfOtherOwner(decision.route) || target?.state !== 'read') continue;
    const known = changed.get(key) ?? (Object.hasOwn(remembered, key) ? remembered[key] : undefined);
    // The target's file consents to the source, and the source's file to the target.
    const next = nextIds(decision, known, {
      source: { repositoryId: trigger.repository.id, blobId: blobIdOf(target) },
      target: { repositoryId: target.id, blobId: blobIdOf(source) },
    });
    if (next !== undefined && next !== known) changed.set(key, next);
  }
  return Object.fromEntries(changed);
}

type Current = Readonly<Record<keyof RememberedIds, { readonly repositoryId: number; readonly blobId: string }>>;

function nextIds(decision: Decision, known: RememberedIds | undefined, now: Current): RememberedIds | undefined {
  if (decision.effect === 'allow') {
    if (known !== undefined && isSettled(known.source, now.source) && isSettled(known.target, now.target)) return known;
    return {
      source: { repositoryId: now.source.repositoryId, replacement: null },
      target: { repositoryId: now.target.repositoryId, replacement: null },
    };
  }
  if (known === undefined) return undefined;
  const source = isRefusedBy(decision, 'inbound-source-id') ? refused(known.source, now.source) : known.source;
  const target = isRefusedBy(decision, 'target-id') ? refused(known.target, now.target) : known.target;
  return source === known.source && target === known.target ? known : { source, target };
}

function isSettled(known: RememberedId, now: { readonly repositoryId: number }): boolean {
  return known.repositoryId === now.repositoryId && known.replacement === null;
}

function isRefusedBy({ checks }: Decision, name: CheckName): boolean {
  return checks.some((check) => check.name === name && !check.satisfied);
}

/** Keeps the blob of the first refusal, so that the first change of the file after it counts. */
function refused(known: RememberedId, now: Current['source']): RememberedId {
  const isKnown = known.repositoryId === now.repositoryId || known.replacement?.repositoryId === now.repositoryId;
  return isKnown ? known : { ...known, replacement: now };
}
