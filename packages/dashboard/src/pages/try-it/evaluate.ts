// Decides an example as planning decides a trigger: by the same functions.
import {
  defaultGuardRails,
  type DispatchRequested,
  type FileSnapshot,
  foldName,
  type OwnerPolicies,
  type OwnerPolicy,
  type Plan,
  type RepositoryContents,
  type RunTrigger,
  type TargetRequest,
  type TargetSnapshots,
} from '@dispatcher/contracts';
import {
  assumedCommit,
  candidatesAmong,
  compileFile,
  compilePolicy,
  decide,
  decideRequest,
  type FileError,
  headToRead,
  targetsOfRequest,
  targetsToRead,
} from '@dispatcher/rules';
import { type Example, hasSource } from './example.ts';
import { isOfTag, partsOf, sha, triggerOf } from './trigger-of-example.ts';

export interface FileResult {
  readonly errors: readonly FileError[];
  readonly warnings: readonly FileError[];
}

export interface Evaluation {
  readonly plan: Plan;
  readonly sourceFile: FileResult;
  readonly targetFile: FileResult;
  readonly sourcePolicy: FileResult;
  readonly targetPolicy: FileResult;
  /** Targets that the source names and that the example does not have. */
  readonly otherTargets: readonly string[];
  /** The other workflows that a rule needs, and that count as succeeded on the same commit. */
  readonly assumedWorkflows: readonly string[];
}

type ReadFile = Extract<FileSnapshot, { readonly state: 'read' }>;

const fileOf = (blobId: string, text: string): ReadFile => ({
  state: 'read',
  blobId,
  byteSize: new TextEncoder().encode(text).length,
  isBinary: false,
  isTruncated: false,
  text,
});

const snapshotOf = (blobId: string, text: string): FileSnapshot =>
  text.trim() === '' ? { state: 'absent' } : fileOf(blobId, text);

function repositoryOf(fullName: string, id: number, file: FileSnapshot): RepositoryContents {
  return {
    state: 'read',
    id,
    ...partsOf(fullName),
    isArchived: false,
    isDisabled: false,
    isLocked: false,
    visibility: 'private',
    defaultBranch: { name: 'main', sha },
    files: { 'dispatching.yml': file, '.github/dispatching.yml': { state: 'absent' } },
    workflows: {},
    refs: {},
    installationId: 1,
  };
}

function headsOf(trigger: RunTrigger, example: Example): NonNullable<RepositoryContents['heads']> {
  const head = headToRead(trigger);
  if (head === null) return [];
  const absent = { state: 'absent' } as const;
  return isOfTag(example)
    ? [{ ...head, branch: absent, tag: { state: 'read', sha } }]
    : [{ ...head, branch: { state: 'read', sha, comparison: 'identical' }, tag: absent }];
}

function compile(text: string, repository: string): FileResult {
  const compiled = compileFile(text, { path: 'dispatching.yml', repository });
  return compiled.ok ? { errors: [], warnings: compiled.warnings } : { errors: compiled.errors, warnings: [] };
}

function compileOwnersPolicy(text: string): FileResult {
  const compiled = compilePolicy(text);
  return { errors: compiled.ok ? [] : compiled.errors, warnings: [] };
}

const noPolicy: OwnerPolicy = { snapshot: { state: 'absent' }, seenIn: null };

function policyOf(fullName: string, text: string): OwnerPolicy {
  if (text.trim() === '') return noPolicy;
  const repository = `${partsOf(fullName).owner}/.github`;
  return { snapshot: { state: 'read', repositoryId: 3, repository, sha, file: fileOf('policy', text) }, seenIn: null };
}

const ownerOf = (fullName: string) => foldName(partsOf(fullName).owner);

/** Returns whether source and target belong to one owner, who has one policy. */
export const isOfOneOwner = ({ source, target }: Pick<Example, 'source' | 'target'>): boolean =>
  ownerOf(source) === ownerOf(target);

function policiesOf(example: Example, requests: readonly TargetRequest[]): OwnerPolicies {
  const { source, target, sourcePolicy, targetPolicy } = example;
  return {
    ...Object.fromEntries(requests.map(({ owner }) => [foldName(owner), noPolicy])),
    [ownerOf(source)]: policyOf(source, sourcePolicy),
    // Of one owner, whose policy this is.
    [ownerOf(target)]: policyOf(target, targetPolicy),
  };
}

interface Targets {
  readonly targets: TargetSnapshots;
  readonly policies: OwnerPolicies;
  readonly otherTargets: readonly string[];
}

function targetsOf(example: Example, requests: readonly TargetRequest[]): Targets {
  const { source, target, sourceFile, targetFile, workflowFile } = example;
  const isSame = hasSource(example) && foldName(source) === foldName(target);
  const file = isSame ? snapshotOf('source', sourceFile) : snapshotOf('target', targetFile);
  const isTried = ({ owner, name }: TargetRequest) => foldName(`${owner}/${name}`) === foldName(target);
  const snapshots = requests.map((request): [string, TargetSnapshots[string]] => {
    const { owner, name, workflows, refs } = request;
    const fullName = `${owner}/${name}`;
    if (!isTried(request)) return [foldName(fullName), { state: 'absent' }];
    return [
      foldName(fullName),
      {
        ...repositoryOf(fullName, isSame ? 1 : 2, file),
        workflows: Object.fromEntries(workflows.map((each) => [each, snapshotOf('workflow', workflowFile)])),
        refs: Object.fromEntries(refs.map((each) => [each, 'branch' as const])),
      },
    ];
  });
  return {
    targets: Object.fromEntries(snapshots),
    policies: policiesOf(example, requests),
    otherTargets: requests.filter((each) => !isTried(each)).map(({ owner, name }) => `${owner}/${name}`),
  };
}

/** Whether the operator allows patterns is not part of an example. */
const guardRails = { ...defaultGuardRails, allowPatterns: true };

function decideRun(run: RunTrigger, example: Example) {
  const { source, sourceFile } = example;
  const snapshot = { ...repositoryOf(source, 1, snapshotOf('source', sourceFile)), heads: headsOf(run, example) };
  const isSame = foldName(source) === foldName(example.target);
  const candidates = candidatesAmong(snapshot, [{ id: isSame ? 1 : 2, ...partsOf(example.target) }]);
  const lineage = { state: 'root' } as const;
  const { commit, workflows: assumedWorkflows } = assumedCommit(run, snapshot);
  const requests = targetsToRead(run, snapshot, guardRails, undefined, lineage, undefined, candidates, commit);
  const { otherTargets, ...read } = targetsOf(example, requests);
  const plan = decide({ run, lineage, source: snapshot, guardRails, candidates, commit, ...read });
  return { plan, otherTargets, assumedWorkflows };
}

function decideRequested(request: DispatchRequested, example: Example) {
  const { otherTargets, ...read } = targetsOf(example, targetsOfRequest(request, guardRails));
  return {
    plan: decideRequest({ request, permissions: null, guardRails, ...read }),
    otherTargets,
    assumedWorkflows: [],
  };
}

/**
 * Decides an example. Its repositories are private, not archived and on `main`; the App has access to both; every branch
 * that a rule names exists; the workflow that a rule or a request names is the one of the example.
 */
export function evaluate(example: Example): Evaluation {
  const trigger = triggerOf(example);
  const decided =
    trigger.type === 'dispatch.requested' ? decideRequested(trigger, example) : decideRun(trigger, example);
  return {
    ...decided,
    sourceFile: compile(example.sourceFile, example.source),
    targetFile: compile(example.targetFile, example.target),
    sourcePolicy: compileOwnersPolicy(example.sourcePolicy),
    targetPolicy: compileOwnersPolicy(example.targetPolicy),
  };
}
