import {
  type Decision,
  defaultGuardRails,
  type FileSnapshot,
  type GuardRails,
  type Lineage,
  type Plan,
  type RepositoryContents,
  type RepositorySnapshot,
  type JobRequested,
  type RunCompleted,
  type RunTrigger,
  type TargetSnapshots,
} from '@dispatcher/contracts';
import { completedRun, readFile, readHead, readRepository } from '@dispatcher/contracts/testing';
import { decide, type DecideInput } from '../decide/decide.ts';

const octo = { id: 1, owner: 'octo', name: 'app', defaultBranch: 'main' };

/** Returns a completed, successful push run of octo/app:ci.yml on main. `changes` override fields of `run`. */
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

/** Returns the request of a job of {@link aRun}, which is still in progress, for octo/deploy:cd.yml. */
export function aJob(
  changes: Partial<JobRequested['run']> = {},
  more: Partial<Omit<JobRequested, 'run' | 'type'>> = {},
): JobRequested {
  const { type: _, run, ...shared } = aRun();
  return {
    ...shared,
    type: 'job.requested',
    requestId: 'd'.repeat(32),
    run: { ...run, conclusion: null, refType: 'branch', ...changes },
    job: { checkRunId: '9001', environment: null },
    request: { repository: 'octo/deploy', workflow: 'cd.yml', id: null, inputs: {} },
    ...more,
  };
}

let blobs = 0;

/** Returns a snapshot of a readable file with this text. */
export function aFile(text: string): FileSnapshot {
  blobs += 1;
  return readFile(`blob-${blobs}`, text);
}

/** Returns a snapshot of a readable repository with this dispatching.yml (null: none) and the default branch main. */
export function aRepository(
  fullName: string,
  config: string | null,
  changes: Partial<Omit<RepositoryContents, 'state'>> = {},
): RepositoryContents {
  const defaultBranch = { name: 'main', sha: 'b'.repeat(40) };
  const file: FileSnapshot = config === null ? { state: 'absent' } : aFile(config);
  return readRepository(fullName, file, { id: 2, installationId: 7, defaultBranch, ...changes });
}

/** The operator's settings with nothing restricted. */
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

export const outboundJob = outbound.replace('workflow: ci.yml', 'job: ci.yml');
export const inboundJob = inbound.replace('workflow: ci.yml', 'job: ci.yml');

/** The input of a decision. Everything that is left out is such that both sides agree. */
export interface RunScenario {
  readonly run?: RunTrigger;
  readonly lineage?: Lineage;
  /** The dispatching.yml of octo/app, or its whole snapshot. Its branch contains the commit unless `heads` differ. */
  readonly source?: string | RepositorySnapshot;
  /** The dispatching.yml of octo/deploy, or its whole snapshot. */
  readonly target?: string | RepositorySnapshot;
  /** More targets, by lower-case name. */
  readonly targets?: TargetSnapshots;
  readonly guardRails?: Partial<GuardRails>;
  readonly remembered?: DecideInput['remembered'];
  readonly policies?: DecideInput['policies'];
  readonly cache?: DecideInput['cache'];
  readonly replay?: DecideInput['replay'];
  readonly candidates?: DecideInput['candidates'];
  readonly commit?: DecideInput['commit'];
}

/** Plans a scenario. */
export function planIn(scenario: RunScenario = {}): Plan {
  const { run = aRun(), source = outbound, target = inbound, targets = {} } = scenario;
  const snapshot = typeof source === 'string' ? aRepository('octo/app', source, { id: 1 }) : source;
  return decide({
    run,
    lineage: scenario.lineage ?? root,
    source:
      snapshot.state === 'read'
        ? { heads: run.type === 'run.completed' ? [readHead(run)] : [], ...snapshot }
        : snapshot,
    targets: { 'octo/deploy': typeof target === 'string' ? aRepository('octo/deploy', target) : target, ...targets },
    guardRails: { ...noGuardRails, ...scenario.guardRails },
    remembered: scenario.remembered,
    policies: scenario.policies,
    cache: scenario.cache,
    replay: scenario.replay,
    candidates: scenario.candidates,
    commit: scenario.commit,
  });
}

/** Returns the only decision of a scenario. */
export function decisionIn(scenario: RunScenario = {}): Decision {
  const { decisions, message } = planIn(scenario);
  const [decision] = decisions;
  if (decision === undefined || decisions.length > 1) throw new Error(`${decisions.length} decisions: ${message}`);
  return decision;
}

/** Returns `allow`, the code of the denial, or the plan's code if there is no decision. */
export function outcomeIn(scenario: RunScenario = {}): string {
  const { decisions, code } = planIn(scenario);
  const [decision] = decisions;
  if (decision === undefined) return code;
  return decision.effect === 'allow' ? 'allow' : decision.code;
}
