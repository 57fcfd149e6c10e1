// How routes, runs and their parts are named in lists and titles.

interface WorkflowOf {
  readonly owner: string;
  readonly name: string;
}

/** Returns the first seven characters of a commit, as GitHub shows it. */
export const shortCommit = (commit: string): string => commit.slice(0, 7);

/** Returns the file name of a workflow: `.github/workflows/ci.yml` → `ci.yml`. */
export const workflowFile = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export const fullName = ({ owner, name }: WorkflowOf): string => `${owner}/${name}`;

/** Returns the parts of a run key: repository id, run id and attempt; null for a request of an API key. */
export function partsOfRunKey(runKey: string): { readonly runId: string; readonly attempt: number } | null {
  const match = /^\d+-(\d+)-(\d+)$/.exec(runKey);
  return match === null ? null : { runId: match[1]!, attempt: Number(match[2]) };
}
