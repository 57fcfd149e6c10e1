import * as z from 'zod/mini';
import {
  jsonPatterns,
  problemOfId,
  problemOfInputName,
  problemOfPattern,
  problemOfPatterns,
  problemOfRef,
  problemOfRepository,
  problemOfRepositoryPattern,
  problemOfWorkflow,
} from './fields.ts';
import type { Problem } from './problem.ts';
import { parseTemplate } from './template.ts';
import { conclusions, workflowEvents } from './words.ts';

/** GitHub takes no more inputs than this with one dispatch. */
export const maxInputs = 25;

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

const InboundTarget = z.strictObject({
  workflow: Workflow,
  refs: z.optional(
    Patterns.check(
      checked(problemOfPatterns),
      z.meta({
        description: 'Refs a source may ask for beside the default branch. Default: none.',
      }),
    ),
  ),
  inputs: z.optional(z.array(InputName).check(z.meta({ description: 'Inputs a source may set. Default: none.' }))),
});

const InboundRule = z.strictObject({
  source: z
    .strictObject({
      repository: text(
        problemOfRepositoryPattern,
        'The source repository: `owner/name`, a bare name for the same owner, or `owner/*`.',
        jsonPatterns.repositoryPattern,
      ),
      ...conditions,
    })
    .check(z.meta({ description: 'The runs of other repositories that are accepted.' })),
  targets: z.array(InboundTarget).check(checked(notEmpty), z.meta({ description: 'What such a run may start here.' })),
});

/** The one description of a dispatching.yml: enforcement, `validate` and the JSON Schema all come from it. */
export const FileSchema = z
  .strictObject({
    outbound: z.optional(
      z.array(OutboundRule).check(z.meta({ description: 'What runs of this repository start elsewhere.' })),
    ),
    inbound: z.optional(
      z.array(InboundRule).check(z.meta({ description: 'Which runs of other repositories may start what here.' })),
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
  'inbound.*.source': Object.keys(InboundRule.shape.source.shape),
  'inbound.*.targets.*': Object.keys(InboundTarget.shape),
};

/** The keys that may stand in the map at this path of a file. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  return keysByPlace[path.map((part) => (typeof part === 'number' ? '*' : String(part))).join('.')] ?? [];
}
