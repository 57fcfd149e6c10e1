// What schedules and webhooks have in common: a name, a workflow with its inputs, and a pause.
import { requesterNamePattern } from '@dispatcher/contracts';
import type { State } from './states.ts';

/** Returns the state of what operators create and can pause. */
export function stateOfRequester({ pausedAt }: { readonly pausedAt: string | null }): State {
  return pausedAt === null
    ? { icon: 'check', tone: 'success', word: 'Active' }
    : { icon: 'stop', tone: 'attention', word: 'Paused' };
}

const targetPattern = /^[\w-]{1,100}\/[\w.-]{1,100}:[^\s:#/]{1,200}\.ya?ml$/;

/** Returns the pairs that were written, one a line. A line without `=` is a pair without a name. */
export function parsePairs(text: string): readonly (readonly [string, string])[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const at = line.indexOf('=');
    return at < 0 ? ['', line.trim()] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });
}

/** Returns the inputs that were written, one a line. */
export const parseInputs = (text: string): Readonly<Record<string, string>> => Object.fromEntries(parsePairs(text));

export interface RequestedWorkflowForm {
  readonly name: string;
  readonly target: string;
  readonly ref: string;
  /** One input a line: `name=value`. */
  readonly inputs: string;
  readonly reason: string;
}

/** Returns what is wrong with each field that schedules and webhooks share; empty if nothing is. */
export function problemsOfRequestedWorkflow(
  form: RequestedWorkflowForm,
): Partial<Record<keyof RequestedWorkflowForm, string>> {
  const problems: Partial<Record<keyof RequestedWorkflowForm, string>> = {};
  if (!requesterNamePattern.test(form.name)) {
    problems.name = 'Write at most 64 lower-case letters and digits, with . _ - in between.';
  }
  if (!targetPattern.test(form.target.trim())) problems.target = 'Write owner/name:workflow.yml.';
  if ('' in parseInputs(form.inputs)) problems.inputs = 'Write one input a line: name=value.';
  if (form.reason.trim() === '') problems.reason = 'Write a reason: it is recorded in the audit log.';
  return problems;
}
