// The trigger of an example, as planning receives it.
import {
  type DispatchRequested,
  type JobRequested,
  type RequesterKind,
  type RunCompleted,
  type RunTrigger,
  requesterKinds,
} from '@dispatcher/contracts';
import {
  problemOfEventType,
  problemOfId,
  problemOfInputName,
  problemOfRef,
  problemOfRepository,
  problemOfValue,
  problemOfWorkflow,
  workflowFileName,
} from '@dispatcher/rules';
import { type Example, hasSource, requestsEvent } from './example.ts';

/** The example cannot be decided, because one of these fields is not filled in correctly. */
export type FieldProblems = Partial<Record<keyof Example, string>>;

type Problem = { readonly fix: string } | null | undefined;

export const sha = '5f1a9d0c3e7b2846a1d94c6078be35f2d01c7a69';
const time = '2026-01-02T03:04:05.000Z';
const requestId = 'd'.repeat(32);

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const problemOfFullName = (text: string): Problem =>
  text.includes('/') ? problemOfRepository(text) : { fix: 'write owner/name' };

const problemOfText = (text: string, fix: string): Problem => (text.trim() === '' ? { fix } : null);

function problemOfInputs(text: string): Problem {
  for (const line of linesOf(text)) {
    const at = line.indexOf('=');
    if (at < 0) return { fix: 'write one name=value a line' };
    const problem = problemOfInputName(line.slice(0, at)) ?? problemOfValue(line.slice(at + 1));
    if (problem !== null) return problem;
  }
  return null;
}

const linesOf = (text: string) => text.split('\n').filter((line) => line.trim() !== '');

function inputsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    linesOf(text).map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

/** Returns what is wrong with the fields of the trigger. Only those that it has are looked at. */
export function problemsOfFields(example: Example): FieldProblems {
  const { trigger, source, target, workflow, branch, requester, targetWorkflow, targetId, ref, inputs } = example;
  const isEvent = requestsEvent(example);
  const all: Partial<Record<keyof Example, Problem>> = {
    target: problemOfFullName(target),
    ...(hasSource(example) && {
      source: problemOfFullName(source),
      workflow: problemOfWorkflow(workflow),
      branch: problemOfText(branch, 'write the name of a branch or tag'),
    }),
    ...(isEvent && { eventType: problemOfEventType(example.eventType) }),
    ...(trigger !== 'run' &&
      !isEvent && { targetWorkflow: problemOfWorkflow(targetWorkflow), inputs: problemOfInputs(inputs) }),
    ...(trigger === 'job' && targetId !== '' && { targetId: problemOfId(targetId) }),
    ...(!hasSource(example) && {
      requester: problemOfText(requester, 'write the name that the inbound rule has'),
      ...(ref !== '' && !isEvent && { ref: problemOfRef(ref) }),
    }),
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([field, problem]) =>
      problem === null || problem === undefined ? [] : [[field, `${capitalized(problem.fix)}.`]],
    ),
  );
}

export function partsOf(fullName: string): { readonly owner: string; readonly name: string } {
  const [owner = '', name = ''] = fullName.split('/');
  return { owner, name };
}

/** Returns whether the run of an example is of a tag. */
export const isOfTag = ({ event }: Pick<Example, 'event'>): boolean => event === 'release';

function runOf({ source, workflow, event, branch, conclusion }: Example): RunCompleted {
  return {
    type: 'run.completed',
    version: 1,
    deliveryId: 'try-it',
    receivedAt: time,
    installationId: 1,
    workflow: workflowFileName(workflow),
    repository: { id: 1, ...partsOf(source), defaultBranch: 'main' },
    run: {
      id: 1,
      number: 1,
      attempt: 1,
      event,
      conclusion,
      headBranch: branch,
      headSha: sha,
      headRepositoryId: 1,
      htmlUrl: `https://github.com/${source}/actions/runs/1`,
      startedAt: time,
      updatedAt: time,
      actor: 'octocat',
    },
  };
}

function jobOf(example: Example): JobRequested {
  const { run, ...shared } = runOf(example);
  const { environment, target, targetWorkflow, targetId, inputs } = example;
  return {
    ...shared,
    type: 'job.requested',
    requestId,
    run: { ...run, conclusion: null, refType: isOfTag(example) ? 'tag' : 'branch' },
    job: { checkRunId: null, environment: environment === '' ? null : environment },
    request: {
      repository: target,
      workflow: workflowFileName(targetWorkflow),
      id: targetId === '' ? null : targetId,
      inputs: inputsOf(inputs),
    },
  };
}

/** Returns what is requested, and how the scope of the requester names it. */
function requestedOf(example: Example): { readonly request: DispatchRequested['request']; readonly scope: string } {
  const { target: repository, targetWorkflow, eventType, ref, inputs } = example;
  if (requestsEvent(example)) {
    return { request: { kind: 'event', repository, eventType }, scope: `${repository}#${eventType}` };
  }
  const workflow = workflowFileName(targetWorkflow);
  return {
    request: { kind: 'workflow', repository, workflow, ref: ref === '' ? null : ref, inputs: inputsOf(inputs) },
    scope: `${repository}:${workflow}`,
  };
}

function requestOf(kind: RequesterKind, example: Example): DispatchRequested {
  const { request, scope } = requestedOf(example);
  return {
    type: 'dispatch.requested',
    version: 1,
    deliveryId: 'try-it',
    receivedAt: time,
    requestId,
    // Its scope is what it requests: only what the target says is of interest.
    [kind]: { id: '0'.repeat(16), name: example.requester, targets: [scope] },
    request,
  };
}

/** Returns the trigger of an example whose fields have no problem. */
export function triggerOf(example: Example): RunTrigger | DispatchRequested {
  const { trigger } = example;
  const requester = requesterKinds.find((kind) => kind === trigger);
  if (requester !== undefined) return requestOf(requester, example);
  return trigger === 'job' ? jobOf(example) : runOf(example);
}
