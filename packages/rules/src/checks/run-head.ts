import type { Check, HeadSnapshot, RepositoryContents, RunHead, RunTrigger } from '@dispatcher/contracts';
import type { Conditions } from '../compile/compiled-file.ts';
import { isQueuePattern } from '../values/events.ts';
import { matchesPatterns } from '../values/pattern.ts';
import { check } from './checks.ts';

export type RefType = 'branch' | 'tag';

type Holding = 'absent' | 'without-commit' | 'with-commit';

/**
 * What the branch and the tag with the name of a run's head say about its commit. GitHub sends the name alone, so anyone
 * who may push a tag can give a run the name of a branch.
 */
export type HeadState =
  | { readonly state: 'unknown'; readonly reason: string }
  | ({ readonly state: 'known'; readonly name: string; readonly sha: string } & Readonly<Record<RefType, Holding>>);

/**
 * Returns the head of a run whose branch and tag must be read. Returns null if there is nothing to read: the run has no
 * branch, or the merge queue created it. Only GitHub triggers `merge_group`, and it soon deletes the branch of the run.
 * The token of a job says whether its ref is a branch or a tag.
 */
export function headToRead({ type, run }: RunTrigger): RunHead | null {
  if (type === 'job.requested') return null;
  return run.headBranch === null || run.event === 'merge_group' ? null : { name: run.headBranch, sha: run.headSha };
}

/** Returns the state of a run's head in a snapshot of its repository. */
export function headStateOf(run: RunTrigger, { heads = [] }: RepositoryContents): HeadState {
  const { headBranch, headSha } = run.run;
  const known = { state: 'known', name: headBranch ?? '', sha: headSha } as const;
  if (run.type === 'job.requested') {
    const holdingOf = (type: RefType) => (run.run.refType === type ? 'with-commit' : 'absent');
    return { ...known, branch: holdingOf('branch'), tag: holdingOf('tag') };
  }
  const requested = headToRead(run);
  if (requested === null) return { ...known, branch: headBranch === null ? 'absent' : 'with-commit', tag: 'absent' };
  const head = heads.find(({ name, sha }) => name === requested.name && sha === requested.sha);
  if (head === undefined) return { state: 'unknown', reason: 'it was not read' };
  if (head.branch.state === 'unknown') return head.branch;
  if (head.tag.state === 'unknown') return head.tag;
  return { ...known, branch: branchHolding(head.branch), tag: tagHolding(head) };
}

function branchHolding(branch: Exclude<HeadSnapshot['branch'], { state: 'unknown' }>): Holding {
  if (branch.state === 'absent') return 'absent';
  return branch.comparison === 'identical' || branch.comparison === 'behind' ? 'with-commit' : 'without-commit';
}

function tagHolding({ tag, sha }: HeadSnapshot): Holding {
  if (tag.state !== 'read') return 'absent';
  return tag.sha === sha ? 'with-commit' : 'without-commit';
}

/** Returns as what a rule accepts the name of a run's head: as a branch, as a tag, as both or as neither. */
export function acceptedTypes(
  { branches, tags }: Conditions,
  run: RunTrigger['run'],
  defaultBranch: string,
): readonly RefType[] {
  const { headBranch, event } = run;
  if (headBranch === null) return [];
  const refType = 'refType' in run ? run.refType : null;
  // The ref of a job is that of its workflow file: for a pull request, `refs/pull/…` or the base branch.
  const isPullRequest = refType === null && event.startsWith('pull_request');
  // A pull request from the default branch into another one runs the workflow file of the other.
  if (isPullRequest && headBranch === defaultBranch) return [];
  if (event === 'merge_group') {
    const ofQueue = (branches ?? []).filter(({ text, negated }) => negated || isQueuePattern(text));
    return matchesPatterns(ofQueue, headBranch) ? ['branch'] : [];
  }
  const isBranch =
    branches === null ? tags === null && headBranch === defaultBranch : matchesPatterns(branches, headBranch);
  const isTag = tags !== null && matchesPatterns(tags, headBranch);
  const types: RefType[] = [];
  if (isBranch && event !== 'release') types.push('branch');
  if (isTag && !isPullRequest) types.push('tag');
  return refType === null ? types : types.filter((type) => type === refType);
}

/**
 * Checks what the name of a run's head refers to. `accepted` is as what the rule accepts the name; it is not empty,
 * because these checks follow the others of the rule.
 */
export function headChecks(accepted: readonly RefType[], head: HeadState): Check[] {
  const isReadable = head.state === 'known';
  const readable = check(
    'source-ref-readable',
    isReadable,
    'a response from GitHub',
    isReadable ? 'a response' : head.reason,
  );
  if (!isReadable) return [readable];
  const owners = typesOf(head, 'with-commit');
  const existing = [...owners, ...typesOf(head, 'without-commit')];
  const isAccepted = (type: RefType) => accepted.includes(type);
  const isForeign = owners.length > 0 && !owners.every(isAccepted);
  const isOfOtherType = isForeign && !existing.some(isAccepted);
  const commit = `commit ${head.sha.slice(0, 12)}`;
  return [
    readable,
    check('source-ref-type', !isOfOtherType, `a ${accepted.join(' or a ')}`, `a ${owners.join(' and a ') || 'ref'}`),
    check('source-ref', !isForeign || isOfOtherType, named(accepted, 'or', head), named(owners, 'and', head)),
    check(
      'source-commit',
      owners.some(isAccepted),
      `${named(accepted, 'or', head)} with ${commit}`,
      accepted.map((type) => nowOf(head, type)).join(' and '),
    ),
  ];
}

/** Checks that an inbound rule accepts the ref that a run belongs to, not only its name. */
export function inboundRefCheck(accepted: readonly RefType[], head: HeadState): Check {
  const owners = head.state === 'known' ? typesOf(head, 'with-commit') : [];
  return check(
    'inbound-source-ref',
    owners.length > 0 && owners.every((type) => accepted.includes(type)),
    `a ${accepted.join(' or a ')}`,
    head.state === 'known' ? named(owners, 'and', head) : head.reason,
  );
}

type KnownHead = Extract<HeadState, { state: 'known' }>;

function typesOf(head: KnownHead, holding: Holding): readonly RefType[] {
  return (['branch', 'tag'] as const).filter((type) => head[type] === holding);
}

function named(types: readonly RefType[], word: string, { name }: KnownHead): string {
  return types.length === 0 ? `no ref ${name}` : types.map((type) => `the ${type} ${name}`).join(` ${word} `);
}

function nowOf(head: KnownHead, type: RefType): string {
  if (head[type] === 'absent') return `no ${type} ${head.name}`;
  return `the ${type} ${head.name} ${head[type] === 'with-commit' ? 'with' : 'without'} that commit`;
}
