import { maxInputs, requesterNamePattern } from '@dispatcher/contracts';
import {
  type Problem,
  problemOfInputName,
  problemOfRef,
  problemOfRepository,
  problemOfValue,
  problemOfWorkflow,
  workflowFileName,
} from '@dispatcher/rules';
import * as z from 'zod';

/** The name of what an operator creates. */
export const requesterName = z
  .string()
  .regex(requesterNamePattern, 'write at most 64 lower-case letters and digits, with . _ - in between');

/** More than any real value, and far below what GitHub accepts for all inputs together. */
const maxValueLength = 1_024;

/** The fields that say which workflow a schedule or a webhook starts. */
export const requestedWorkflowFields = {
  /** `owner/name:workflow.yml` */
  target: z.string().max(500),
  /** A branch or tag. Default: the target's default branch. */
  ref: z.string().max(255).optional(),
  inputs: z.record(z.string(), z.string().max(maxValueLength)).default({}),
};

interface RequestedWorkflow {
  readonly target: string;
  readonly ref?: string | undefined;
  readonly inputs: Readonly<Record<string, string>>;
}

/** Refuses what GitHub would refuse. @param problemOf returns what is wrong with the value of an input */
export function checkRequestedWorkflow(
  { target, ref, inputs }: RequestedWorkflow,
  context: z.RefinementCtx,
  problemOf: (value: string) => Problem | null = problemOfValue,
): void {
  const { repository, workflow } = partsOf(target);
  if (workflow === '' || !repository.includes('/')) {
    context.addIssue({ code: 'custom', path: ['target'], message: 'write owner/name:workflow.yml' });
  } else {
    refuse(context, ['target'], problemOfRepository(repository) ?? problemOfWorkflow(workflow));
  }
  if (ref !== undefined) refuse(context, ['ref'], problemOfRef(ref));
  const entries = Object.entries(inputs);
  if (entries.length > maxInputs) {
    context.addIssue({ code: 'custom', path: ['inputs'], message: `write at most ${maxInputs} inputs` });
  }
  for (const [name, value] of entries) {
    refuse(context, ['inputs', name.slice(0, 100)], problemOfInputName(name) ?? problemOf(value));
  }
}

function refuse(context: z.RefinementCtx, path: readonly PropertyKey[], problem: Problem | null): void {
  if (problem === null) return;
  context.addIssue({ code: 'custom', path: [...path], message: `${problem.message}; ${problem.fix}` });
}

/** Splits `owner/name:workflow.yml`; without a workflow, that is empty. */
export function partsOf(target: string): { readonly repository: string; readonly workflow: string } {
  const at = target.indexOf(':');
  return at < 0
    ? { repository: target, workflow: '' }
    : { repository: target.slice(0, at), workflow: workflowFileName(target.slice(at + 1)) };
}
