import {
  type Decision,
  defaultGuardRails,
  type FileSnapshot,
  type GuardRails,
  type Lineage,
  type Plan,
  type RepositoryContents,
  type RepositorySnapshot,
  type RunCompleted,
  type TargetSnapshots,
} from '@dispatcher/contracts';
import { completedRun, readFile, readRepository } from '@dispatcher/contracts/testing';
import { decide, type DecideInput } from '../decide/decide.ts';

const octo = { id: 1, owner: 'octo', name: 'app', defaultBranch: 'main' };

/** A completed, successful push run of octo/app:ci.yml on main; `changes` go into `run`. */
export function aRun(
  changes: Partial<RunCompleted['run']> = {},
  more: Partial<Omit<RunCompleted, 'run'>> = {},
): RunCompleted {
  const updatedAt = '2026-01-31T11:59:00.000Z';
  return completedRun(
    { id: 101, number: 12, actor: 'mona', headSha: 'a'.repeat(40), startedAt: null, updatedAt, ...changes },
    { receivedAt: '2026-01-31T12:00:00.000Z', installationId: 7, repository: octo, ...more },
  );
}

let blobs = 0;

export function aFile(text: string): FileSnapshot {
  blobs += 1;
  return readFile(`blob-${blobs}`, text);
}

/** A readable repository with this dispatching.yml (none where it is null), default branch main. */
export function aRepository(
  fullName: string,
  config: string | null,
  changes: Partial<Omit<RepositoryContents, 'state'>> = {},
): RepositoryContents {
  const defaultBranch = { name: 'main', sha: 'b'.repeat(40) };
  const file: FileSnapshot = config === null ? { state: 'absent' } : aFile(config);
  return readRepository(fullName, file, { id: 2, installationId: 7, defaultBranch, ...changes });
}

export const noGuardRails: GuardRails = defaultGuardRails;

export const root: Lineage = { state: 'root' };

export const outbound = `outbound:
  - source: { workflow: ci.yml }
    targets:
      - { repository: deploy, workflow: cd.yml }
`;
export const inbound = `inbound:
  - source: { repository: app, workflow: ci.yml }
    targets:
      - { workflow: cd.yml }
`;

export interface World {
  readonly run?: RunCompleted;
  readonly lineage?: Lineage;
  /** The source's dispatching.yml, or its whole reading. */
  readonly source?: string | RepositorySnapshot;
  /** dispatching.yml of octo/deploy, or its whole reading. */
  readonly target?: string | RepositorySnapshot;
  /** Further targets by lower-case name. */
  readonly targets?: TargetSnapshots;
  readonly guardRails?: Partial<GuardRails>;
  readonly cache?: DecideInput['cache'];
  readonly again?: DecideInput['again'];
}

/** Decides in a world where both sides agree, but for what is changed. */
export function planIn(world: World = {}): Plan {
  const { source = outbound, target = inbound, targets = {} } = world;
  return decide({
    run: world.run ?? aRun(),
    lineage: world.lineage ?? root,
    source: typeof source === 'string' ? aRepository('octo/app', source, { id: 1 }) : source,
    targets: { 'octo/deploy': typeof target === 'string' ? aRepository('octo/deploy', target) : target, ...targets },
    guardRails: { ...noGuardRails, ...world.guardRails },
    cache: world.cache,
    again: world.again,
  });
}

/** The only decision of such a world. */
export function decisionIn(world: World = {}): Decision {
  const { decisions, message } = planIn(world);
  const [decision] = decisions;
  if (decision === undefined || decisions.length > 1) throw new Error(`${decisions.length} decisions: ${message}`);
  return decision;
}

/** `allow`, or the code of the denial; the plan's code where there is no decision. */
export function outcomeIn(world: World = {}): string {
  const { decisions, code } = planIn(world);
  const [decision] = decisions;
  if (decision === undefined) return code;
  return decision.effect === 'allow' ? 'allow' : decision.code;
}
