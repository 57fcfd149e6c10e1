import {
  type Check,
  type CommitRun,
  type CommitRuns,
  type GuardRails,
  type Lineage,
  type RunCompleted,
  type RunTrigger,
  fullName,
} from '@dispatcher/contracts';
import type { Conditions } from '../compile/compiled-file.ts';
import { check, unsatisfied } from './checks.ts';
import { acceptsResult, concernsRun } from './condition-checks.ts';
import { runChecks } from './run-checks.ts';

/** The runs that count for a rule with `needs`. */
export interface NeededRuns {
  readonly workflows: readonly string[];
  /** Of each workflow in the order of the rule: the newest run that its entry concerns; null if there is none. */
  readonly found: readonly (CommitRun | null)[];
  readonly checks: readonly Check[];
}

export interface NeedsContext {
  readonly guardRails: GuardRails;
  readonly commit?: CommitRuns | undefined;
}

/** Without anything that was read, only the run itself is known. */
const nothingKnown: CommitRuns = { runs: [], claims: {}, lineages: {} };

/**
 * Finds the runs of the workflows that a rule needs, and checks that all of them have completed as the rule requires. Of
 * several runs of a workflow, the newest one counts among those whose event and branch or tag the entry accepts.
 */
export function findNeeds(
  needs: readonly Conditions[],
  trigger: RunCompleted,
  defaultBranch: string,
  { guardRails, commit = nothingKnown }: NeedsContext,
): NeededRuns {
  const own: CommitRun = { workflow: trigger.workflow, isCompleted: true, run: trigger.run };
  const runs = newestRuns([own, ...commit.runs]).filter(
    (run) => isOnCommit(run, trigger) && unsatisfied(runChecks(asTrigger(trigger, run), guardRails)).length === 0,
  );
  const found = needs.map((need) => newestOf(runs.filter((run) => concernsNeed(need, run, defaultBranch))));
  const missing = needs.flatMap((need, index) => missingText(need, found[index] ?? null));
  const { unknown } = commit;
  return {
    workflows: needs.map(({ workflow }) => workflow),
    found,
    checks: [
      ...(unknown === undefined
        ? []
        : [check('source-runs-readable', false, 'a response from GitHub', unknown.reason)]),
      check(
        'source-needs',
        missing.length === 0,
        `${namesOf(needs)}, completed`,
        missing.join(', ') || 'all completed',
      ),
    ],
  };
}

/** Returns the check that no other run on the commit dispatches the same. */
export function claimCheck(dispatchId: string, runKey: string, { claims }: CommitRuns = nothingKnown): Check {
  const claim = Object.hasOwn(claims, dispatchId) ? claims[dispatchId] : undefined;
  const isFree = claim === undefined || claim.runKey === runKey;
  return check('not-dispatched', isFree, 'the first dispatch for this commit', isFree ? 'the first' : claim.runUrl);
}

/** Returns whether an entry of `needs` concerns a run: what remains is how the run ended. */
function concernsNeed(need: Conditions, { workflow, run }: CommitRun, defaultBranch: string): boolean {
  return need.workflow === workflow && concernsRun(need, run, defaultBranch);
}

/** Returns the newest run of each workflow and event. @param runs of one commit, in any order */
export function newestRuns(runs: readonly CommitRun[]): CommitRun[] {
  const groups = Map.groupBy(runs, ({ workflow, run: { event } }) => JSON.stringify([workflow, event]));
  return [...groups.values()].flatMap((group) => newestOf(group) ?? []);
}

/** Returns the newest run by its creation, and of it the newest attempt; of that, what is known to be completed. */
function newestOf(runs: readonly CommitRun[]): CommitRun | null {
  return runs.reduce<CommitRun | null>((best, run) => (best === null || isNewer(run, best) ? run : best), null);
}

function isNewer(left: CommitRun, right: CommitRun): boolean {
  const [ours, theirs] = [left, right].map(({ isCompleted, run }) => [
    Date.parse(run.createdAt ?? run.startedAt ?? run.updatedAt),
    run.id,
    run.attempt,
    Number(isCompleted),
  ]) as [number[], number[]];
  const differing = ours.findIndex((value, index) => value !== theirs[index]);
  return differing >= 0 && (ours[differing] ?? 0) > (theirs[differing] ?? 0);
}

/** Runs of forks never count: their authors choose the name of the branch. */
function isOnCommit({ run }: CommitRun, { repository, run: { headBranch, headSha } }: RunCompleted): boolean {
  return run.headRepositoryId === repository.id && run.headBranch === headBranch && run.headSha === headSha;
}

/** Returns a run on the same commit as if it were the trigger. */
export function asTrigger(trigger: RunCompleted, { workflow, run }: CommitRun): RunCompleted {
  return { ...trigger, workflow, run };
}

function missingText(need: Conditions, found: CommitRun | null): string[] {
  if (found === null) return [`${need.workflow} (no run)`];
  if (!found.isCompleted) return [`${need.workflow} (in progress)`];
  if (acceptsResult(need, found.run)) return [];
  const { conclusion, attempt } = found.run;
  return [`${need.workflow} (${conclusion ?? 'no conclusion'}${attempt > 1 ? `, attempt ${attempt}` : ''})`];
}

/** Joins the names of needed workflows for a message. */
export function namesOf(needs: readonly Pick<Conditions, 'workflow'>[]): string {
  return needs.map(({ workflow }) => workflow).join(' and ');
}

/** Returns the lineages of the runs that a rule needs, in the order of the rule. */
export function lineagesOf(
  runs: readonly CommitRun[],
  trigger: RunTrigger,
  own: Lineage,
  { lineages }: CommitRuns = nothingKnown,
): Lineage[] {
  return runs.map(({ run: { id } }) => (id === trigger.run.id ? own : (lineages[id] ?? { state: 'root' })));
}

/** Returns the deepest lineage with its path. A run that no dispatch started begins a path. */
export function deepestLineage(
  runs: readonly CommitRun[],
  lineages: readonly Lineage[],
  { repository }: RunTrigger,
): { depth: number; path: { repository: string; workflow: string }[] } {
  const known = lineages.map((lineage, index) =>
    lineage.state === 'known'
      ? { depth: lineage.depth, path: [...lineage.path] }
      : { depth: 0, path: [{ repository: fullName(repository), workflow: runs[index]?.workflow ?? '' }] },
  );
  return known.reduce((deepest, each) => (each.depth > deepest.depth ? each : deepest));
}
