import type {
  AppPermissions,
  Check,
  ClosestRule,
  Decision,
  FileReference,
  RepositorySnapshot,
} from '@dispatcher/contracts';
import { check, unsatisfied } from './checks.ts';
import { answerInbound, type Asker } from './inbound-checks.ts';
import { preflightChecks } from './preflight-checks.ts';
import { formatFileError } from '../values/problem.ts';
import { type CompileCache, compileReading, type SourceFileState } from '../compile/compile-snapshot.ts';
import type { MatchedRoute } from '../decide/match-run.ts';

/** What the target side has to say of one route. */
export interface TargetAnswer {
  readonly checks: readonly Check[];
  readonly closest?: ClosestRule;
  readonly targetFile?: FileReference;
  readonly target?: NonNullable<Decision['target']>;
  /** Null where it depends on a default branch that is not known. */
  readonly ref: string | null;
}

/**
 * Every check of the target that can be evaluated. Where one stands in the way of the next (no repository, no file)
 * the list ends: what was not looked at is not listed.
 */
export function answerTarget(
  asker: Asker,
  matched: MatchedRoute,
  reading: RepositorySnapshot,
  { cache, permissions = null }: { cache?: CompileCache | undefined; permissions?: AppPermissions | null },
): TargetAnswer {
  const isReadable = reading.state !== 'unknown';
  const readable = check(
    'target-readable',
    isReadable,
    'an answer from GitHub',
    isReadable ? 'answered' : reading.reason,
  );
  if (!isReadable) return { checks: [readable], ref: matched.askedRef };
  const isVisible = reading.state === 'read';
  const name = matched.route.target.repository;
  const visible = check(
    'target-visible',
    isVisible,
    `${name}, visible to the App`,
    isVisible ? 'visible' : 'not visible',
  );
  if (!isVisible) return { checks: [readable, visible], ref: matched.askedRef };

  const { id: repositoryId, installationId, visibility, defaultBranch } = reading;
  const checks = [readable, visible, activeCheck(reading), branchCheck(reading.defaultBranch)];
  const ref = matched.askedRef ?? defaultBranch?.name ?? null;
  const base = { target: { repositoryId, installationId, visibility }, ref };
  if (defaultBranch === null || ref === null) return { ...base, checks };

  const file = compileReading(reading, cache);
  checks.push(...fileChecks('target', file));
  const targetFile = file.state === 'valid' || file.state === 'invalid' ? file.at : undefined;
  const read = targetFile === undefined ? base : { ...base, targetFile };
  if (file.state !== 'valid') return { ...read, checks };

  const inbound = answerInbound(file.file, {
    asker,
    target: reading,
    targetDefaultBranch: defaultBranch.name,
    matched,
    ref,
  });
  checks.push(...inbound.checks, ...preflightChecks(reading, defaultBranch.name, matched, { ref, permissions }));
  const failed = unsatisfied(inbound.checks);
  return failed.length === 0
    ? { ...read, checks }
    : { ...read, checks, closest: { rule: inbound.rule, checks: [...failed] } };
}

type Read = Extract<RepositorySnapshot, { state: 'read' }>;

function activeCheck({ isArchived, isDisabled, isLocked }: Read): Check {
  const state = isArchived ? 'archived' : isDisabled ? 'disabled' : isLocked ? 'locked' : 'active';
  return check('target-active', state === 'active', 'active', state);
}

function branchCheck(branch: Read['defaultBranch']): Check {
  return check('target-default-branch', branch !== null, 'a default branch', branch?.name ?? 'none');
}

/** The checks of a dispatching.yml, up to the first that fails. The same on both sides. */
export function fileChecks(side: 'source' | 'target', file: SourceFileState): Check[] {
  const isReadable = file.state !== 'unknown';
  const readable = check(`${side}-file-readable`, isReadable, 'a readable file', isReadable ? 'readable' : file.reason);
  if (!isReadable) return [readable];
  const isPresent = file.state !== 'absent';
  const present = check(`${side}-file-present`, isPresent, 'dispatching.yml', isPresent ? 'present' : 'none');
  if (!isPresent) return [readable, present];
  const isSingle = file.state !== 'ambiguous';
  const single = check(`${side}-file-single`, isSingle, 'one file', isSingle ? 'one' : 'both places');
  if (!isSingle) return [readable, present, single];
  const isValid = file.state === 'valid';
  const actual = isValid ? 'valid' : errorsInShort(file.errors);
  return [readable, present, single, check(`${side}-file-valid`, isValid, 'a valid file', actual)];
}

/** The first errors; `dispatcher validate` says them all. */
function errorsInShort(errors: Extract<SourceFileState, { state: 'invalid' }>['errors']): string {
  const shown = errors.slice(0, 3).map(formatFileError).join(' · ');
  return errors.length > 3 ? `${shown} (and ${errors.length - 3} more)` : shown;
}
