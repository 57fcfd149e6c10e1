import type { Plan, RepositorySnapshot, TargetSnapshots } from '@dispatcher/contracts';
import type { StoredFile } from './file-store.ts';
import type { PlanFile, StoredPlan } from './stored-plan.ts';

/** A file with its content, and where it was read. */
export type ReadFile = PlanFile & StoredFile;

/** Returns the files that the plan names, with their contents. A file that could not be read as text is left out. */
export function filesOfPlan(
  plan: Plan,
  source: RepositorySnapshot | null,
  targets: TargetSnapshots,
): readonly ReadFile[] {
  const read = [...(source === null ? [] : [source]), ...Object.values(targets)].flatMap(textsOf);
  const named = [plan.sourceFile, ...plan.decisions.flatMap(({ sourceFile, targetFile }) => [sourceFile, targetFile])];
  const keys = new Set(named.flatMap((file) => (file === undefined ? [] : [keyOf(file)])));
  const found = new Map(read.filter((file) => keys.has(keyOf(file))).map((file) => [keyOf(file), file]));
  return [...found.values()];
}

/** Returns the plan with the names of its files, whose contents are stored beside it. */
export function withFiles(stored: StoredPlan, files: readonly ReadFile[]): StoredPlan {
  if (files.length === 0) return stored;
  return { ...stored, files: files.map(({ repository, sha, path, blobId }) => ({ repository, sha, path, blobId })) };
}

const keyOf = ({ repository, sha, path }: Pick<PlanFile, 'path' | 'repository' | 'sha'>) =>
  `${repository.toLowerCase()}@${sha}:${path}`;

function textsOf(snapshot: RepositorySnapshot): readonly ReadFile[] {
  if (snapshot.state !== 'read' || snapshot.defaultBranch === null) return [];
  const { owner, name, defaultBranch } = snapshot;
  return Object.entries(snapshot.files).flatMap(([path, file]) =>
    file.state === 'read' && file.text !== null
      ? [{ repository: `${owner}/${name}`, sha: defaultBranch.sha, path, blobId: file.blobId, text: file.text }]
      : [],
  );
}
