import { conclusions, maxEventTypeLength, maxInputs } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import {
  jsonPatterns,
  problemOfEventType,
  problemOfId,
  problemOfInputName,
  problemOfKeyName,
  problemOfPattern,
  problemOfPatterns,
  problemOfRef,
  problemOfRepository,
  problemOfRepositoryPattern,
  problemOfWorkflow,
} from '../values/fields.ts';
import type { Problem } from '../values/problem.ts';
import { parseTemplate } from '../values/template.ts';
import { workflowEvents } from '../values/events.ts';

// A problem found by one of our own functions travels through zod's issue list as its `params`, so that all errors of
// a file come out at once, those of the shape and those of the values.
function checked<Value>(problemOf: (value: Value) => Problem | null) {
  return (context: z.core.ParsePayload<Value>): void => {
    const problem = problemOf(context.value);
    if (problem) {
      context.issues.push({ code: 'custom', input: context.value, message: problem.message, params: { problem } });
    }
  };
}

function text(problemOf: (value: string) => Problem | null, description: string, pattern?: string) {
  return z.string().check(checked(problemOf), z.meta({ description, ...(pattern === undefined ? {} : { pattern }) }));
}

function notEmpty(list: readonly unknown[]): Problem | null {
  return list.length === 0 ? { message: 'the list is empty', fix: 'name at least one, or remove the key' } : null;
}

const Workflow = text(
  problemOfWorkflow,
  'The workflow’s file in `.github/workflows`: `ci.yml`. Compared exactly.',
  jsonPatterns.workflow,
);
const Patterns = z.array(text(problemOfPattern, 'A name or a pattern, in GitHub’s filter syntax.'));
const InputName = text(problemOfInputName, 'An input of the target’s workflow.', jsonPatterns.inputName);

const conditions = {
  workflow: Workflow,
  branches: z.optional(
    Patterns.check(
      checked(notEmpty),
      checked(problemOfPatterns),
      z.meta({ description: 'Branches the run may have run on. Default: the source’s default branch.' }),
    ),
  ),
  events: z.optional(
    z.array(z.enum(workflowEvents)).check(
      checked(notEmpty),
      z.meta({
        description:
          'Events that may have started the run. Default: push, schedule, workflow_dispatch, repository_dispatch, release, merge_group.',
      }),
    ),
  ),
  conclusions: z.optional(
    z
      .array(z.enum(conclusions))
      .check(checked(notEmpty), z.meta({ description: 'Conclusions the run may have ended with. Default: success.' })),
  ),
};

function problemOfInputs(inputs: Readonly<Record<string, string>>): Problem | null {
  return Object.keys(inputs).length > maxInputs
    ? { message: `there are more than ${maxInputs} inputs`, fix: `GitHub takes at most ${maxInputs}` }
    : null;
}

function problemOfTemplate(value: string): Problem | null {
  const parsed = parseTemplate(value);
  return 'problem' in parsed ? parsed.problem : null;
}

const Inputs = z
  .record(InputName, text(problemOfTemplate, 'Text, with `${{ source.<field> }}` and `${{ dispatch.<field> }}`.'))
  .check(
    checked(problemOfInputs),
    z.meta({ description: 'Inputs of the target’s workflow. Default: none.', maxProperties: maxInputs }),
  );

const OutboundTarget = z.strictObject({
  repository: text(
    problemOfRepository,
    'The target repository: `owner/name`, or a bare name for the same owner.',
    jsonPatterns.repository,
  ),
  workflow: Workflow,
  id: z.optional(text(problemOfId, 'Tells two targets of the same workflow apart. Default: none.', jsonPatterns.id)),
  ref: z.optional(text(problemOfRef, 'A branch or tag of the target. Default: its default branch.')),
  inputs: z.optional(Inputs),
  enabled: z.optional(
    z.boolean().check(z.meta({ description: 'false leaves the target out without removing it. Default: true.' })),
  ),
});

const OutboundRule = z.strictObject({
  source: z.strictObject(conditions).check(z.meta({ description: 'The runs of this repository the rule is about.' })),
  targets: z.array(OutboundTarget).check(checked(notEmpty), z.meta({ description: 'What such a run starts.' })),
});

interface Misfit {
  readonly at: readonly PropertyKey[];
  readonly problem: Problem;
}

// A map in which one key rules out another. Also run where a key is unknown or has the wrong type, so that a slip is
// not found one error at a time.
function fitting<Value extends object>(misfitsOf: (value: Value) => readonly Misfit[]) {
  return z.check<Value>(
    (context) => {
      for (const { at, problem } of misfitsOf(context.value)) {
        const { message } = problem;
        context.issues.push({ code: 'custom', input: context.value, path: [...at], message, params: { problem } });
      }
    },
    { when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value) },
  );
}

const only = (key: string, needed: string): Misfit => ({
  at: [key],
  problem: { message: `\`${key}\` does not go with \`${needed}\``, fix: 'remove one of the two' },
});
const missing = (key: string, or: string): Misfit => ({
  at: [key],
  problem: { message: `\`${key}\` is missing`, fix: `add \`${key}:\`, or \`${or}:\`` },
});

const InboundTarget = z
  .strictObject({
    workflow: z.optional(Workflow),
    'event-type': z.optional(
      text(
        problemOfEventType,
        'Instead of `workflow`: the type of a `repository_dispatch` that a key may send, with whatever payload. Compared exactly.',
      ).check(z.meta({ maxLength: maxEventTypeLength })),
    ),
    refs: z.optional(
      Patterns.check(
        checked(problemOfPatterns),
        z.meta({
          description: 'Refs a source may ask for beside the default branch. Default: none.',
        }),
      ),
    ),
    inputs: z.optional(z.array(InputName).check(z.meta({ description: 'Inputs a source may set. Default: none.' }))),
  })
  .check(
    fitting<Readonly<Record<string, unknown>>>((target) => {
      if (target['event-type'] === undefined) {
        return target['workflow'] === undefined ? [missing('workflow', 'event-type')] : [];
      }
      // GitHub runs an event on the default branch, and a payload has no names that could be listed.
      return ['workflow', 'refs', 'inputs']
        .filter((key) => target[key] !== undefined)
        .map((key) => only(key, 'event-type'));
    }),
    z.meta({
      oneOf: [
        { required: ['workflow'], not: { required: ['event-type'] } },
        {
          required: ['event-type'],
          not: { anyOf: ['workflow', 'refs', 'inputs'].map((key) => ({ required: [key] })) },
        },
      ],
    }),
  );

const ofRuns = ['repository', 'workflow', 'branches', 'events', 'conclusions'];

const InboundSource = z
  .strictObject({
    repository: z.optional(
      text(
        problemOfRepositoryPattern,
        'The source repository: `owner/name`, a bare name for the same owner, or `owner/*`.',
        jsonPatterns.repositoryPattern,
      ),
    ),
    key: z.optional(
      text(
        problemOfKeyName,
        'Instead of a repository and its runs: the name of the API key that may ask at `POST /dispatch`. Compared exactly.',
        jsonPatterns.id,
      ),
    ),
    ...conditions,
    workflow: z.optional(Workflow),
  })
  .check(
    fitting<Readonly<Record<string, unknown>>>((source) => {
      if (source['key'] !== undefined) {
        return ofRuns.filter((name) => source[name] !== undefined).map((name) => only(name, 'key'));
      }
      const absent = (name: string) => source[name] === undefined;
      if (absent('repository')) {
        return [missing('repository', 'key'), ...(absent('workflow') ? [missing('workflow', 'key')] : [])];
      }
      return absent('workflow')
        ? [{ at: ['workflow'], problem: { message: '`workflow` is missing', fix: 'add `workflow:`' } }]
        : [];
    }),
    z.meta({
      description: 'The runs of other repositories, or the key, that is accepted.',
      oneOf: [
        { required: ['repository', 'workflow'], not: { required: ['key'] } },
        { required: ['key'], not: { anyOf: ofRuns.map((name) => ({ required: [name] })) } },
      ],
    }),
  );

const InboundRule = z
  .strictObject({
    source: InboundSource,
    targets: z.array(InboundTarget).check(checked(notEmpty), z.meta({ description: 'What it may start here.' })),
  })
  .check(
    fitting<{ source?: { key?: unknown }; targets?: unknown }>(({ source, targets }) => {
      if (source?.key !== undefined || !Array.isArray(targets)) return [];
      return targets.flatMap((target: unknown, index) =>
        typeof target === 'object' && target !== null && 'event-type' in target
          ? [{ at: ['targets', index, 'event-type'], problem: eventNeedsKey }]
          : [],
      );
    }),
  );

const eventNeedsKey: Problem = {
  message: 'an event type needs `source: { key: … }`',
  fix: 'name the `workflow` that the runs of a repository may start',
};

/** The one description of a dispatching.yml: enforcement, `validate` and the JSON Schema all come from it. */
export const FileSchema = z
  .strictObject({
    outbound: z.optional(
      z.array(OutboundRule).check(z.meta({ description: 'What runs of this repository start elsewhere.' })),
    ),
    inbound: z.optional(
      z
        .array(InboundRule)
        .check(z.meta({ description: 'Which runs of other repositories, and which keys, may start what here.' })),
    ),
  })
  .check(
    z.meta({ title: 'dispatching.yml', description: 'Which workflow runs start workflows in which repositories.' }),
  );

export type FileText = z.infer<typeof FileSchema>;
export type ConditionsText = FileText extends { outbound?: (infer Rule)[] | undefined }
  ? Rule extends { source: infer Source }
    ? Source
    : never
  : never;

const keysByPlace: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(FileSchema.shape),
  'outbound.*': Object.keys(OutboundRule.shape),
  'outbound.*.source': Object.keys(conditions),
  'outbound.*.targets.*': Object.keys(OutboundTarget.shape),
  'inbound.*': Object.keys(InboundRule.shape),
  'inbound.*.source': Object.keys(InboundSource.shape),
  'inbound.*.targets.*': Object.keys(InboundTarget.shape),
};

/** The keys that may stand in the map at this path of a file. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  return keysByPlace[path.map((part) => (typeof part === 'number' ? '*' : String(part))).join('.')] ?? [];
}
