import {
  type Decision,
  defaultGuardRails,
  type FileReading,
  type GuardRails,
  type Lineage,
  type Plan,
  type ReadRepository,
  type RepositoryReading,
  type RunCompleted,
  type TargetReadings,
} from '@dispatcher/contracts';
import { decide, type DecideInput } from '../decide.ts';

/** A completed, successful push run of octo/app:ci.yml on main; `changes` go into `run`. */
export function aRun(changes: Partial<RunCompleted['run']> = {}, more: Partial<RunCompleted> = {}): RunCompleted {
  return {
    type: 'run.completed',
    version: 1,
    deliveryId: 'delivery-1',
    receivedAt: '2026-01-31T12:00:00.000Z',
    installationId: 7,
    repository: { id: 1, owner: 'octo', name: 'app', defaultBranch: 'main' },
    workflow: 'ci.yml',
    run: {
      id: 101,
      number: 12,
      attempt: 1,
      event: 'push',
      conclusion: 'success',
      headBranch: 'main',
      headSha: 'a'.repeat(40),
      headRepositoryId: 1,
      htmlUrl: 'https://github.com/octo/app/actions/runs/101',
      startedAt: null,
      updatedAt: '2026-01-31T11:59:00.000Z',
      actor: 'mona',
      ...changes,
    },
    ...more,
  };
}

let blobs = 0;

export function aFile(text: string): FileReading {
  blobs += 1;
  const byteSize = Buffer.byteLength(text);
  return { state: 'read', blobId: `blob-${blobs}`, byteSize, isBinary: false, isTruncated: false, text };
}

/** A readable repository with this dispatching.yml (none where it is null), default branch main. */
export function aRepository(
  fullName: string,
  config: string | null,
  changes: Partial<Omit<ReadRepository, 'state'>> = {},
): ReadRepository {
  const [owner = '', name = ''] = fullName.split('/');
  return {
    state: 'read',
    id: 2,
    owner,
    name,
    isArchived: false,
    isDisabled: false,
    isLocked: false,
    visibility: 'private',
    defaultBranch: { name: 'main', sha: 'b'.repeat(40) },
    files: {
      'dispatching.yml': config === null ? { state: 'absent' } : aFile(config),
      '.github/dispatching.yml': { state: 'absent' },
    },
    workflows: {},
    refs: {},
    installationId: 7,
    ...changes,
  };
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
  readonly source?: string | RepositoryReading;
  /** dispatching.yml of octo/deploy, or its whole reading. */
  readonly target?: string | RepositoryReading;
  /** Further targets by lower-case name. */
  readonly targets?: TargetReadings;
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
