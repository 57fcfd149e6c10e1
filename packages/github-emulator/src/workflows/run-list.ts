import { invalid } from '../common/api-error.ts';
import type { Repository, Run, Workflow } from '../state/entities.ts';
import type { StateStore } from '../state/state-store.ts';

export interface RunFilter {
  readonly event?: string | undefined;
  readonly branch?: string | undefined;
  readonly actor?: string | undefined;
  readonly status?: string | undefined;
  readonly head_sha?: string | undefined;
  readonly created?: string | undefined;
}

/** Returns the runs, newest first. Leaves out runs younger than `lagMs`, because GitHub's list can lag behind. */
export function listRuns(
  store: StateStore,
  repository: Repository,
  workflow: Workflow | null,
  filter: RunFilter,
  lagMs: number,
): Run[] {
  const created = createdFilter(filter.created);
  return store.state.runs
    .filter(
      (run) =>
        run.repositoryId === repository.id &&
        (workflow === null || run.workflowId === workflow.id) &&
        matches(filter.event, run.event) &&
        matches(filter.branch, run.headBranch) &&
        matches(filter.actor?.toLowerCase(), run.actor.toLowerCase()) &&
        matches(filter.head_sha, run.headSha) &&
        (filter.status === undefined || run.status === filter.status || run.conclusion === filter.status) &&
        created(Date.parse(run.createdAt)) &&
        Date.parse(run.createdAt) + lagMs <= store.now(),
    )
    .sort((left, right) => right.id - left.id);
}

function matches(wanted: string | undefined, value: string | null): boolean {
  return wanted === undefined || wanted === value;
}

/** Parses GitHub's date search: `>=`, `<=`, `>`, `<`, `from..to` (either may be `*`), or one day or time. */
function createdFilter(created: string | undefined): (ms: number) => boolean {
  if (created === undefined) {
    return () => true;
  }
  const range = created.match(/^(.+)\.\.(.+)$/);
  if (range !== null) {
    const from = range[1] === '*' ? Number.NEGATIVE_INFINITY : parseTime(range[1]);
    const to = range[2] === '*' ? Number.POSITIVE_INFINITY : parseTime(range[2]);
    return (ms) => ms >= from && ms <= to;
  }
  const [, operator, text] = created.match(/^(>=|<=|>|<)?(.+)$/) ?? [];
  const at = parseTime(text);
  switch (operator) {
    case '>=':
      return (ms) => ms >= at;
    case '<=':
      return (ms) => ms <= at;
    case '>':
      return (ms) => ms > at;
    case '<':
      return (ms) => ms < at;
    default:
      return (ms) => ms >= at && ms < at + (text?.includes('T') ? 1_000 : 86_400_000);
  }
}

function parseTime(text: string | undefined): number {
  const ms = Date.parse(text ?? '');
  if (Number.isNaN(ms)) {
    throw invalid(`Validation Failed: "${text}" is not a recognized date/time format.`);
  }
  return ms;
}
