import {
  defaultGuardRails,
  type DispatchRequested,
  type Plan,
  type RequesterKind,
  requesterKinds,
  requestId,
} from '@dispatcher/contracts';
import {
  decideRequest,
  problemOfInputName,
  problemOfRef,
  problemOfRepository,
  problemOfValue,
  problemOfWorkflow,
  targetsOfRequest,
  workflowFileName,
} from '@dispatcher/rules';
import { type Terminal, UsageError } from '../command.ts';
import { createTargets, type ExplainFiles } from './decide-input.ts';

export interface TriggerOptions {
  /** `schedule:nightly` */
  readonly trigger: string;
  /** `owner/name:workflow.yml` */
  readonly start: string | undefined;
  readonly ref: string | null;
  /** `name=value` */
  readonly inputs: readonly string[];
  readonly files: Omit<ExplainFiles, 'sources' | 'refType'>;
}

/** Decides on the request of a key, a schedule or a webhook, whose scope is what it requests. @throws UsageError */
export function decideTrigger(terminal: Terminal, options: TriggerOptions): Plan {
  const { kind, name } = parseTrigger(options.trigger);
  const { repository, workflow } = parseStart(options.start);
  const inputs = Object.fromEntries(options.inputs.map((input) => parseInput(input)));
  if (options.ref !== null) refuse('--ref', problemOfRef(options.ref));
  const requester = { id: '0'.repeat(16), name, targets: [`${repository}:${workflow}`] };
  const request: DispatchRequested = {
    type: 'dispatch.requested',
    version: 1,
    deliveryId: 'explain',
    receivedAt: '1970-01-01T00:00:00.000Z',
    requestId: requestId('explain', name),
    [kind]: requester,
    request: { kind: 'workflow', repository, workflow, ref: options.ref, inputs },
  };
  const guardRails = defaultGuardRails;
  const { targets, policies } = createTargets(terminal, targetsOfRequest(request, guardRails), options.files);
  return decideRequest({ request, targets, permissions: null, guardRails, policies });
}

/** Returns the job that a trigger names, as `owner/name:workflow.yml`; null for any other kind of trigger. */
export function jobIn(trigger: string): string | null {
  return trigger.startsWith('job:') ? trigger.slice('job:'.length) : null;
}

function parseTrigger(text: string): { readonly kind: RequesterKind; readonly name: string } {
  const [, named, name] = /^([a-z]+):([A-Za-z0-9][A-Za-z0-9._-]{0,63})$/.exec(text) ?? [];
  const kind = requesterKinds.find((known) => known === named);
  if (kind !== undefined && name !== undefined) return { kind, name };
  throw new UsageError(
    `--trigger needs a kind and a name, as schedule:nightly, not ${text}. Kinds: job, ${requesterKinds.join(', ')}.`,
  );
}

/** Returns what `--start` names. @throws UsageError */
export function parseStart(text: string | undefined): { readonly repository: string; readonly workflow: string } {
  const at = text?.indexOf(':') ?? -1;
  if (text === undefined || at < 0 || !text.slice(0, at).includes('/')) {
    throw new UsageError('Name the workflow that is requested: --start owner/name:workflow.yml.');
  }
  const [repository, workflow] = [text.slice(0, at), workflowFileName(text.slice(at + 1))];
  refuse('--start', problemOfRepository(repository) ?? problemOfWorkflow(workflow));
  return { repository, workflow };
}

/** Returns the name and the value of an `--input`. @throws UsageError */
export function parseInput(text: string, problemOf: typeof problemOfValue = problemOfValue): [string, string] {
  const at = text.indexOf('=');
  if (at < 0) throw new UsageError(`--input needs name=value, not ${text}.`);
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  refuse('--input', problemOfInputName(name) ?? problemOf(value));
  return [name, value];
}

/** @throws UsageError if there is a problem */
export function refuse(option: string, problem: { readonly message: string; readonly fix: string } | null): void {
  if (problem !== null) throw new UsageError(`${option}: ${problem.message}; ${problem.fix}.`);
}
