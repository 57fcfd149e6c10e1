import type {
  AppPermissions,
  Check,
  ClosestRule,
  Decision,
  FileReference,
  RepositorySnapshot,
} from '@dispatcher/contracts';
import { type CompileCache, compileSnapshot } from '../compile/compile-snapshot.ts';
import { check, unsatisfied } from './checks.ts';
import { fileChecks } from './file-checks.ts';
import { checkInbound, type Requester } from './inbound-checks.ts';
import type { MatchedRoute } from './matched-route.ts';
import { preflightChecks } from './preflight-checks.ts';
import { idChecks, type RouteIds } from './repository-ids.ts';

/** The result of evaluating the target side of a route. */
export interface TargetResult {
  readonly checks: readonly Check[];
  /** What a policy of the target's owner that is only evaluated would refuse. */
  readonly wouldRefuse?: readonly Check[];
  readonly closest?: ClosestRule;
  readonly targetFile?: FileReference;
  readonly target?: NonNullable<Decision['target']>;
  /** Set if the accepting inbound rule hides the started run from the source. */
  readonly report?: 'none';
  /** Null if it depends on a default branch that is unknown. */
  readonly ref: string | null;
}

/**
 * Evaluates every check of the target that can be evaluated. If a check cannot be evaluated because of an earlier
 * failure (no repository, no file), it is not listed.
 */
export function checkTarget(
  requester: Requester,
  matched: MatchedRoute,
  snapshot: RepositorySnapshot,
  {
    cache,
    permissions = null,
    isOverBudget = false,
    ids = { remembered: undefined, sourceBlobId: '' },
  }: {
    cache?: CompileCache | undefined;
    permissions?: AppPermissions | null;
    isOverBudget?: boolean;
    ids?: RouteIds;
  },
): TargetResult {
  const isReadable = snapshot.state !== 'unknown';
  const readable = check(
    'target-readable',
    isReadable,
    'a response from GitHub',
    isReadable ? 'a response' : snapshot.reason,
  );
  if (!isReadable) return { checks: [readable], ref: matched.requestedRef };
  const isVisible = snapshot.state === 'read';
  const name = matched.route.target.repository;
  const visible = check(
    'target-visible',
    isVisible,
    `${name}, visible to the App`,
    isVisible ? 'visible' : 'not visible',
  );
  if (!isVisible) return { checks: [readable, visible], ref: matched.requestedRef };

  const { id: repositoryId, installationId, visibility, defaultBranch } = snapshot;
  const { remembered, sourceBlobId: blobId } = ids;
  const checks = [
    readable,
    visible,
    ...idChecks('target-id', { pinned: matched.targetId, remembered: remembered?.target, blobId }, repositoryId),
    activeCheck(snapshot),
    defaultBranchCheck(defaultBranch),
  ];
  const ref = matched.requestedRef ?? defaultBranch?.name ?? null;
  const base = { target: { repositoryId, installationId, visibility }, ref };
  if (defaultBranch === null || ref === null) return { ...base, checks };

  if (isOverBudget) {
    checks.push(check('parse-budget', false, 'files of at most 512 KB in total', 'larger files'));
    return { ...base, checks };
  }
  const file = compileSnapshot(snapshot, cache);
  checks.push(...fileChecks('target', file));
  const targetFile = file.state === 'valid' || file.state === 'invalid' ? file.at : undefined;
  const result = targetFile === undefined ? base : { ...base, targetFile };
  if (file.state !== 'valid') return { ...result, checks };

  const inbound = checkInbound(file.file, {
    requester,
    target: snapshot,
    targetDefaultBranch: defaultBranch.name,
    matched,
    ref,
    remembered: remembered?.source,
  });
  checks.push(...inbound.checks, ...preflightChecks(snapshot, defaultBranch.name, matched, { ref, permissions }));
  const failed = unsatisfied(inbound.checks);
  return failed.length === 0
    ? { ...result, checks, ...(inbound.hidesRun ? { report: 'none' as const } : {}) }
    : { ...result, checks, closest: { rule: inbound.rule, checks: [...failed] } };
}

type ReadSnapshot = Extract<RepositorySnapshot, { state: 'read' }>;

function activeCheck({ isArchived, isDisabled, isLocked }: ReadSnapshot): Check {
  const state = isArchived ? 'archived' : isDisabled ? 'disabled' : isLocked ? 'locked' : 'active';
  return check('target-active', state === 'active', 'active', state);
}

function defaultBranchCheck(branch: ReadSnapshot['defaultBranch']): Check {
  return check('target-default-branch', branch !== null, 'a default branch', branch?.name ?? 'none');
}
