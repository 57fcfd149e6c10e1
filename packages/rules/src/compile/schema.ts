import { conclusions, maxEventTypeLength, maxInputs, type RequesterKind, requesterKinds } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import {
  jsonPatterns,
  problemOfCheckName,
  problemOfEventType,
  problemOfId,
  problemOfInputName,
  problemOfEnvironment,
  problemOfRequesterName,
  problemOfPattern,
  problemOfPatterns,
  problemOfRef,
  problemOfRepositoryPattern,
  problemOfTarget,
  problemOfValuePattern,
  problemOfWorkflow,
} from '../values/fields.ts';
import { type Problem, quote } from '../values/problem.ts';
import { fieldsOf, jobInputsOf, parseTemplate } from '../values/template.ts';
import { isQueuePattern, workflowEvents } from '../values/events.ts';
import { isTargetPattern, workflowFileName } from '../values/names.ts';

// A problem found by a `problemOf…` function is passed as `params` of a zod issue, so that the errors of types and of
// values are all reported at once.
export function checked<Value>(problemOf: (value: Value) => Problem | null) {
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
  return list.length === 0 ? { message: 'the list is empty', fix: 'add at least one entry, or remove the key' } : null;
}

const Workflow = text(
  problemOfWorkflow,
  'The file name of a workflow in `.github/workflows`, such as `ci.yml`. Compared exactly.',
  jsonPatterns.workflow,
);
const Patterns = z.array(text(problemOfPattern, 'A name, or a pattern in GitHub’s filter syntax.'));
const InputName = text(problemOfInputName, 'The name of an input of the target workflow.', jsonPatterns.inputName);

function repositoryId(side: string) {
  return z.optional(
    z.int().check(
      z.positive(),
      z.meta({
        description: `The id of the ${side} repository, from \`gh api repos/OWNER/NAME --jq .id\`. Refuses another repository that gets the name. Default: any id; for another owner’s repository the first one is remembered.`,
      }),
    ),
  );
}

/** The words of `enabled`. */
export const enabledValues = [true, false, 'dry-run'] as const;

function enabled(what: 'target' | 'rule', started: string) {
  return z.optional(
    z.literal(enabledValues).check(
      z.meta({
        description: `\`false\` disables the ${what}. \`dry-run\` decides and records what would be started, and never starts ${started}. Default: \`true\`.`,
      }),
    ),
  );
}

const conditionsOfRun = {
  branches: z.optional(
    Patterns.check(
      checked(notEmpty),
      checked(problemOfPatterns),
      z.meta({
        description: 'Accepted branches of the run. Default: the source’s default branch, or none if `tags` is set.',
      }),
    ),
  ),
  tags: z.optional(
    Patterns.check(
      checked(notEmpty),
      checked(problemOfPatterns),
      z.meta({ description: 'Accepted tags of the run. Default: none.' }),
    ),
  ),
  events: z.optional(
    z.array(z.enum(workflowEvents)).check(
      checked(notEmpty),
      z.meta({
        description:
          'Accepted events that triggered the run. Default: push, schedule, workflow_dispatch, repository_dispatch, release.',
      }),
    ),
  ),
  conclusions: z.optional(
    z
      .array(z.enum(conclusions))
      .check(checked(notEmpty), z.meta({ description: 'Accepted conclusions of the run. Default: success.' })),
  ),
  attempts: z.optional(
    z
      .array(z.int().check(z.positive()))
      .check(
        checked(notEmpty),
        z.meta({ description: 'Accepted attempts of the run: `[1]` excludes re-runs. Default: any.' }),
      ),
  ),
};

/** A workflow in `needs`, with conditions of its own. */
const Need = z.strictObject({ workflow: Workflow, ...conditionsOfRun });

/** Bounds what is read and compared for one run, and what its plan contains. */
const minNeeds = 2;
export const maxNeeds = 10;

const conditions = {
  workflow: z.optional(Workflow),
  job: z.optional(
    text(
      problemOfWorkflow,
      'Instead of `workflow`: the file name of a workflow whose jobs may request dispatches while it runs, with their OIDC token.',
      jsonPatterns.workflow,
    ),
  ),
  needs: z.optional(
    z.array(z.union([Workflow, Need])).check(
      checked(problemOfNeeds),
      z.meta({
        description:
          'Instead of `workflow`: two to ten workflows that must all have completed on the same commit. Each is a file name, or a map with `workflow` and conditions of its own; the conditions beside `needs` are for those without.',
        minItems: minNeeds,
        maxItems: maxNeeds,
      }),
    ),
  ),
  ...conditionsOfRun,
  environments: z.optional(
    z
      .array(text(problemOfEnvironment, 'The name of an environment. Compared without case, as by GitHub.'))
      .check(
        checked(notEmpty),
        z.meta({ description: 'With `job`: accepted environments of the job. Default: any, or none.' }),
      ),
  ),
};

/** Returns the problem of a list of needed workflows. */
function problemOfNeeds(needs: readonly unknown[]): Problem | null {
  const files = needs.map((need) => workflowFileName(String(fieldOf(need, 'workflow') ?? need)));
  const repeated = files.find((file, index) => files.indexOf(file) !== index);
  if (repeated !== undefined) {
    return { message: `the list names \`${quote(repeated, 60)}\` twice`, fix: 'remove one of the two' };
  }
  if (needs.length < minNeeds) {
    const message = `\`needs\` lists ${needs.length === 0 ? 'no workflow' : 'one workflow only'}`;
    return { message, fix: 'list at least two workflows, or write `workflow:` for one' };
  }
  return needs.length > maxNeeds
    ? { message: `\`needs\` lists ${needs.length} workflows`, fix: `list at most ${maxNeeds}` }
    : null;
}

function problemOfInputs(inputs: Readonly<Record<string, string>>): Problem | null {
  return Object.keys(inputs).length > maxInputs
    ? { message: `there are more than ${maxInputs} inputs`, fix: `remove some: GitHub accepts at most ${maxInputs}` }
    : null;
}

function problemOfTemplate(value: string): Problem | null {
  const parsed = parseTemplate(value);
  return 'problem' in parsed ? parsed.problem : null;
}

const Inputs = z
  .record(
    InputName,
    text(
      problemOfTemplate,
      'Text that can contain `${{ source.<field> }}`, `${{ dispatch.<field> }}` and, in a rule with `job`, `${{ job.inputs.<name> }}`.',
    ),
  )
  .check(
    checked(problemOfInputs),
    z.meta({ description: 'Inputs to start the target workflow with. Default: none.', maxProperties: maxInputs }),
  );

const OutboundTarget = z
  .strictObject({
    repository: text(
      problemOfTarget,
      'The target repository: `owner/name`, or `name` for a repository of the same owner. A pattern such as `service-*` or `*` means every repository of the same owner that allows this source; the operator must set `ALLOW_PATTERNS`.',
      jsonPatterns.target,
    ),
    public: z.optional(
      z.boolean().check(
        z.meta({
          description:
            'With a pattern: whether it means public repositories, too, if this repository is not public. Default: `false`.',
        }),
      ),
    ),
    'repository-id': repositoryId('target'),
    workflow: Workflow,
    id: z.optional(
      text(problemOfId, 'Distinguishes two targets with the same workflow. Default: none.', jsonPatterns.id),
    ),
    ref: z.optional(
      text(
        problemOfRef,
        'The branch or tag of the target to start the workflow on: `v1`, or `refs/tags/v1` where a branch has the same name. Default: its default branch.',
      ),
    ),
    inputs: z.optional(Inputs),
    enabled: enabled('target', 'its workflow'),
    check: z.optional(
      text(
        problemOfCheckName,
        'Reports the started run as the check `Dispatcher / NAME` on the commit of the source’s run; not in a rule with `job`. Unique in the file. Default: no check.',
        jsonPatterns.checkName,
      ),
    ),
  })
  .check(checkedKeys<Values>(problemsOfPattern));

/** Keys of one repository, which a pattern is not. */
const keysOfOneRepository = ['repository-id', 'check'];

/** Returns the problems of keys that belong to a name, or to a pattern. */
function problemsOfPattern(target: Values): readonly KeyProblem[] {
  const { repository } = target;
  if (typeof repository !== 'string') return [];
  if (!isTargetPattern(repository)) return target['public'] === undefined ? [] : [publicNeedsPattern];
  return keysOfOneRepository
    .filter((key) => target[key] !== undefined)
    .map((key) => ({ at: [key], problem: notWithPattern(`\`${key}\``) }));
}

const publicNeedsPattern: KeyProblem = {
  at: ['public'],
  problem: {
    message: '`public` belongs to a pattern, and `repository` is a name',
    fix: 'remove it: a named repository may be public',
  },
};

function notWithPattern(what: string): Problem {
  return { message: `${what} cannot be combined with a pattern`, fix: 'name the repository, in a target of its own' };
}

type Values = Readonly<Record<string, unknown>>;

interface KeyProblem {
  readonly at: readonly PropertyKey[];
  readonly problem: Problem;
}

// Checks maps in which one key excludes another. Runs even if a key is unknown or has the wrong type, so that all errors
// are reported at once.
function checkedKeys<Value extends object>(problemsOf: (value: Value) => readonly KeyProblem[]) {
  return z.check<Value>(
    (context) => {
      for (const { at, problem } of problemsOf(context.value)) {
        const { message } = problem;
        context.issues.push({ code: 'custom', input: context.value, path: [...at], message, params: { problem } });
      }
    },
    { when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value) },
  );
}

/** Returns the problem of events none of which the accepted branches and tags can match, so that the rule never applies. */
function impossibleEvents(source: Values): readonly KeyProblem[] {
  const { events, tags } = source;
  const branches: readonly unknown[] = Array.isArray(source['branches']) ? source['branches'] : [];
  if (!Array.isArray(events) || events.length === 0) return [];
  const isPossible = (event: unknown) => {
    if (event === 'release') return tags !== undefined;
    if (event === 'merge_group') return branches.some((branch) => typeof branch === 'string' && isQueuePattern(branch));
    return true;
  };
  if (events.some(isPossible)) return [];
  return [{ at: ['events'], problem: events.includes('release') ? releaseNeedsTags : mergeGroupNeedsQueue }];
}

const releaseNeedsTags: Problem = {
  message: 'a `release` run belongs to a tag, and the rule accepts no tags',
  fix: "add `tags:`, such as `tags: ['v*']`",
};
const mergeGroupNeedsQueue: Problem = {
  message: 'a `merge_group` run belongs to a branch of the merge queue, and the rule accepts none',
  fix: "add `branches: ['gh-readonly-queue/main/**']`",
};

const notWith = (key: string, other: string): KeyProblem => ({
  at: [key],
  problem: { message: `\`${key}\` cannot be combined with \`${other}\``, fix: 'remove one of the two' },
});
const missing = (key: string, alternative: string): KeyProblem => ({
  at: [key],
  problem: { message: `\`${key}\` is missing`, fix: `add \`${key}:\` or \`${alternative}:\`` },
});

/** Keys that exclude `job`: a running job has no conclusion. */
const keysOfRuns = ['workflow', 'needs', 'conclusions'];
/** Keys that exclude `workflow`: a run has no environment. */
const keysOfJobs = ['job', 'environments'];

/** Returns the problems of the conditions for runs or jobs: one of `workflow`, `job` and `needs`, and what belongs to it. */
function problemsOfConditions(source: Values): readonly KeyProblem[] {
  const isPresent = (key: string) => source[key] !== undefined;
  if (isPresent('needs')) {
    const combined = ['workflow', ...keysOfJobs].filter(isPresent).map((key) => notWith(key, 'needs'));
    return combined.length > 0
      ? combined
      : entriesOf(source['needs']).flatMap((need, index) => impossibleNeed(source, need, index));
  }
  if (isPresent('job')) {
    const combined = keysOfRuns.filter(isPresent).map((key) => notWith(key, 'job'));
    return combined.length > 0 ? combined : impossibleEvents(source);
  }
  if (isPresent('workflow') && isPresent('environments')) return [notWith('environments', 'workflow')];
  return isPresent('workflow') ? impossibleEvents(source) : [missing('workflow', 'job')];
}

/** Returns the problem of a needed workflow none of whose events the accepted branches and tags can match. */
function impossibleNeed(source: Values, need: unknown, index: number): readonly KeyProblem[] {
  const own = typeof need === 'object' && need !== null ? need : {};
  return impossibleEvents({ ...source, ...own }).map(({ problem }) => ({ at: ['needs', index], problem }));
}

/** The alternatives of `workflow`, `needs` and `job` for the JSON Schema. */
const alternativesOfRuns = (also: readonly string[], never: readonly string[]) => [
  { required: [...also, 'workflow'], not: anyOf(['needs', ...keysOfJobs, ...never]) },
  { required: [...also, 'needs'], not: anyOf(['workflow', ...keysOfJobs, ...never]) },
  { required: [...also, 'job'], not: anyOf([...keysOfRuns, ...never]) },
];
function anyOf(keys: readonly string[]) {
  return { anyOf: keys.map((key) => ({ required: [key] })) };
}

/** Returns the problem of a template that has a value only for runs, or only for jobs. */
function problemOfTemplateIn(value: unknown, isJob: boolean): Problem | null {
  const parsed = typeof value === 'string' ? parseTemplate(value) : { value: [] };
  if ('problem' in parsed) return null;
  const [name] = jobInputsOf(parsed.value);
  if (!isJob && name !== undefined) {
    return {
      message: `\`job.inputs.${quote(name, 60)}\` has no value: the rule is for completed runs`,
      fix: 'use a field of `source` or `dispatch`, or write `job:` in the place of `workflow:`',
    };
  }
  return isJob && fieldsOf(parsed.value).includes('source.conclusion')
    ? { message: '`source.conclusion` has no value: the run of a job is still in progress', fix: 'use another field' }
    : null;
}

const checkOfJob: Problem = {
  message: '`check` cannot be combined with `job`: a job sees the response, and Dispatcher writes no check for it',
  fix: 'remove it, or name a `workflow:`, whose completed runs start the target',
};

const checkOfNeeds: Problem = {
  message: '`check` cannot be combined with `needs`: several runs of the commit would each report it',
  fix: 'remove it, or name one `workflow:`',
};
const idOfNeeds: Problem = {
  message: '`id` is missing: in a rule with `needs`, it identifies what is dispatched once per commit',
  fix: 'add `id:`, such as `id: all-checks`',
};

/** Returns the problems of targets of a rule with `needs`. */
function targetsOfNeeds({ source, targets }: { source?: Values; targets?: unknown }): readonly KeyProblem[] {
  if (source?.['needs'] === undefined) return [];
  return entriesOf(targets).flatMap((target, index): KeyProblem[] => [
    ...(fieldOf(target, 'check') === undefined ? [] : [{ at: ['targets', index, 'check'], problem: checkOfNeeds }]),
    ...(fieldOf(target, 'id') === undefined ? [{ at: ['targets', index], problem: idOfNeeds }] : []),
  ]);
}

function problemsOfTargets({ source, targets }: { source?: Values; targets?: unknown }): KeyProblem[] {
  const isJob = source?.['job'] !== undefined;
  return (Array.isArray(targets) ? targets : []).flatMap((target: Values | null, index): KeyProblem[] => {
    const inputs = target?.['inputs'];
    const ofCheck =
      isJob && target?.['check'] !== undefined ? [{ at: ['targets', index, 'check'], problem: checkOfJob }] : [];
    const ofInputs = Object.entries(typeof inputs === 'object' && inputs !== null ? inputs : {}).flatMap(
      ([name, value]) => {
        const problem = problemOfTemplateIn(value, isJob);
        return problem === null ? [] : [{ at: ['targets', index, 'inputs', name], problem }];
      },
    );
    return [...ofCheck, ...ofInputs];
  });
}

const OutboundRule = z
  .strictObject({
    source: z.strictObject(conditions).check(
      checkedKeys<Values>(problemsOfConditions),
      z.meta({
        description: 'Which runs of this repository, or which of its running jobs, the rule applies to.',
        oneOf: alternativesOfRuns([], []),
      }),
    ),
    targets: z
      .array(OutboundTarget)
      .check(
        checked(notEmpty),
        z.meta({ description: 'The workflows that such a run starts, or such a job may start.' }),
      ),
  })
  .check(
    checkedKeys<{ source?: Values; targets?: unknown }>(problemsOfTargets),
    checkedKeys<{ source?: Values; targets?: unknown }>(patternsOfJobs),
    checkedKeys<{ source?: Values; targets?: unknown }>(targetsOfNeeds),
  );

/** Returns the problems of patterns in a rule for jobs: a job requests one target, which the rule must name. */
function patternsOfJobs({ source, targets }: { source?: Values; targets?: unknown }): readonly KeyProblem[] {
  if (source?.['job'] === undefined) return [];
  return entriesOf(targets).flatMap((target, index) =>
    isPatternIn(target) ? [{ at: ['targets', index, 'repository'], problem: notWithPattern('`job`') }] : [],
  );
}

function isPatternIn(target: unknown): boolean {
  const repository = fieldOf(target, 'repository');
  return typeof repository === 'string' && isTargetPattern(repository);
}

const InputValues = z
  .record(
    InputName,
    z
      .array(text(problemOfValuePattern, 'A value, or a pattern in GitHub’s filter syntax.'))
      .check(checked(notEmpty), checked(problemOfPatterns)),
  )
  .check(z.meta({ description: 'Accepted values by input: names or patterns, such as `environment: [staging]`.' }));

/** Returns the problem of an input that the list names twice: one entry could hide the restriction of another. */
function problemOfAcceptedInputs(entries: readonly unknown[]): Problem | null {
  const names = entries.flatMap((entry) =>
    typeof entry === 'object' && entry !== null ? Object.keys(entry) : [String(entry)],
  );
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  return repeated === undefined
    ? null
    : { message: `the list names the input \`${quote(repeated, 60)}\` twice`, fix: 'remove one of the two' };
}

/** Keys of an inbound target that make no sense for an event type. */
const keysOfWorkflowTarget = ['workflow', 'refs', 'inputs', 'report'];

const InboundTarget = z
  .strictObject({
    workflow: z.optional(Workflow),
    'event-type': z.optional(
      text(
        problemOfEventType,
        'Instead of `workflow`: the type of a `repository_dispatch` event that the API key may send, with any payload. Schedules and webhooks start workflows only. Compared exactly.',
      ).check(z.meta({ maxLength: maxEventTypeLength })),
    ),
    refs: z.optional(
      Patterns.check(
        checked(problemOfPatterns),
        z.meta({
          description: 'Branches and tags that a source may use besides the default branch. Default: none.',
        }),
      ),
    ),
    inputs: z.optional(
      z.array(z.union([InputName, InputValues])).check(
        checked(problemOfAcceptedInputs),
        z.meta({
          description:
            'Inputs that a source may set: a name, or `name: [values]` to accept only these values or patterns. Default: none.',
        }),
      ),
    ),
    report: z.optional(
      z.enum(['status', 'none']).check(
        z.meta({
          description:
            'What the source sees of the started run: `status` shows its link, conclusion and times; `none` hides them. Default: status.',
        }),
      ),
    ),
  })
  .check(
    checkedKeys<Values>((target) => {
      if (target['event-type'] === undefined) {
        return target['workflow'] === undefined ? [missing('workflow', 'event-type')] : [];
      }
      // GitHub runs workflows for an event on the default branch, and a payload has no input names.
      return keysOfWorkflowTarget.filter((key) => target[key] !== undefined).map((key) => notWith(key, 'event-type'));
    }),
    z.meta({
      oneOf: [
        { required: ['workflow'], not: { required: ['event-type'] } },
        {
          required: ['event-type'],
          not: { anyOf: keysOfWorkflowTarget.map((key) => ({ required: [key] })) },
        },
      ],
    }),
  );

const keysOfRepositories = ['repository', 'repository-id', ...Object.keys(conditions)];

const requesterTexts: Readonly<Record<RequesterKind, string>> = {
  key: 'an API key whose requests to `POST /dispatch` are accepted',
  schedule: 'a schedule whose dispatches are accepted',
  webhook: 'a webhook of a third party whose dispatches are accepted',
};

function requesterName(kind: RequesterKind) {
  return z.optional(
    text(
      (value) => problemOfRequesterName(kind, value),
      `Instead of \`repository\` and \`workflow\`: the name of ${requesterTexts[kind]}. Compared exactly.`,
      jsonPatterns.id,
    ),
  );
}

const idOfPattern: KeyProblem = {
  at: ['repository-id'],
  problem: {
    message: '`repository-id` cannot be combined with a pattern',
    fix: 'name the repository, in a rule of its own',
  },
};

const InboundSource = z
  .strictObject({
    repository: z.optional(
      text(
        problemOfRepositoryPattern,
        'The source repository: `owner/name`, `name` for a repository of the same owner, or `owner/*`.',
        jsonPatterns.repositoryPattern,
      ),
    ),
    'repository-id': repositoryId('source'),
    key: requesterName('key'),
    schedule: requesterName('schedule'),
    webhook: requesterName('webhook'),
    ...conditions,
  })
  .check(
    checkedKeys<Values>((source) => {
      const [kind, other] = requesterKinds.filter((name) => source[name] !== undefined);
      if (kind !== undefined && other !== undefined) return [notWith(other, kind)];
      if (kind !== undefined) {
        return keysOfRepositories.filter((name) => source[name] !== undefined).map((name) => notWith(name, kind));
      }
      if (source['repository'] === undefined) {
        const isComplete = ['workflow', 'job', 'needs'].some((key) => source[key] !== undefined);
        return [missing('repository', 'key'), ...(isComplete ? [] : [missing('workflow', 'key')])];
      }
      const { repository } = source;
      const isPattern = typeof repository === 'string' && repository.includes('*');
      if (source['repository-id'] !== undefined && isPattern) return [idOfPattern];
      return problemsOfConditions(source);
    }),
    z.meta({
      description: 'Which runs or jobs of another repository, or which API key, schedule or webhook, the rule accepts.',
      oneOf: [
        ...alternativesOfRuns(['repository'], requesterKinds),
        ...requesterKinds.map((kind) => ({
          required: [kind],
          not: anyOf([...keysOfRepositories, ...requesterKinds.filter((other) => other !== kind)]),
        })),
      ],
    }),
  );

const InboundRule = z
  .strictObject({
    source: InboundSource,
    targets: z
      .array(InboundTarget)
      .check(checked(notEmpty), z.meta({ description: 'What the source may start in this repository.' })),
    enabled: enabled('rule', 'a workflow of this repository'),
  })
  .check(
    checkedKeys<{ source?: Values; targets?: unknown }>(({ source, targets }) => {
      if (requesterKinds.some((kind) => source?.[kind] !== undefined) || !Array.isArray(targets)) return [];
      return targets.flatMap((target: unknown, index) =>
        typeof target === 'object' && target !== null && 'event-type' in target
          ? [{ at: ['targets', index, 'event-type'], problem: eventNeedsKey }]
          : [],
      );
    }),
  );

const eventNeedsKey: Problem = {
  message: '`event-type` requires `source: { key: … }`',
  fix: 'for runs and jobs of a repository, use `workflow`',
};

/** Returns the problems of targets whose check has the name of an earlier one: the later one would hide the earlier. */
function repeatedChecks({ outbound }: { readonly outbound?: unknown }): readonly KeyProblem[] {
  const seen = new Set<string>();
  return entriesOf(outbound).flatMap((rule, ruleIndex) =>
    entriesOf(fieldOf(rule, 'targets')).flatMap((target, targetIndex) => {
      const name = fieldOf(target, 'check');
      if (typeof name !== 'string') return [];
      const folded = name.toLowerCase();
      const isRepeated = seen.has(folded);
      seen.add(folded);
      if (!isRepeated) return [];
      const problem = {
        message: `another target has the check \`${quote(name, 60)}\``,
        fix: 'give each target a check of its own',
      };
      return [{ at: ['outbound', ruleIndex, 'targets', targetIndex, 'check'], problem }];
    }),
  );
}

/** Bounds what is compared for each run of the repository. */
export const maxRulesWithNeeds = 20;

/** Returns the problem of the first outbound rule with `needs` that is one too many. */
function tooManyNeeds({ outbound }: { readonly outbound?: unknown }): readonly KeyProblem[] {
  const places = entriesOf(outbound).flatMap((rule, index) =>
    fieldOf(fieldOf(rule, 'source'), 'needs') === undefined ? [] : [['outbound', index, 'source', 'needs']],
  );
  const at = places[maxRulesWithNeeds];
  const message = `the file has ${places.length} outbound rules with \`needs\``;
  return at === undefined ? [] : [{ at, problem: { message, fix: `use at most ${maxRulesWithNeeds}` } }];
}

/** Bounds the size of what the index lists for one source, and the time to find it. */
export const maxPatterns = 20;

/** Returns the problem of the first pattern that is one too many. */
function tooManyPatterns({ outbound }: { readonly outbound?: unknown }): readonly KeyProblem[] {
  const places = entriesOf(outbound).flatMap((rule, ruleIndex) =>
    entriesOf(fieldOf(rule, 'targets')).flatMap((target, targetIndex) =>
      isPatternIn(target) ? [['outbound', ruleIndex, 'targets', targetIndex, 'repository']] : [],
    ),
  );
  const at = places[maxPatterns];
  const message = `the file has ${places.length} targets with a pattern`;
  return at === undefined ? [] : [{ at, problem: { message, fix: `use at most ${maxPatterns}` } }];
}

function entriesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

/** The schema of a dispatching.yml. Enforcement, `dispatcher validate` and the JSON Schema are derived from it. */
export const FileSchema = z
  .strictObject({
    outbound: z.optional(
      z.array(OutboundRule).check(
        z.meta({
          description: 'Rules for runs and jobs of this repository: which workflows of other repositories they start.',
        }),
      ),
    ),
    inbound: z.optional(
      z.array(InboundRule).check(
        z.meta({
          description:
            'Rules for this repository as a target: which runs, jobs, API keys, schedules and webhooks may start which of its workflows.',
        }),
      ),
    ),
  })
  .check(
    checkedKeys<{ readonly outbound?: unknown }>(repeatedChecks),
    checkedKeys<{ readonly outbound?: unknown }>(tooManyPatterns),
    checkedKeys<{ readonly outbound?: unknown }>(tooManyNeeds),
    z.meta({
      title: 'dispatching.yml',
      description: 'Configures which workflow runs start workflows in which repositories.',
    }),
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
  'outbound.*.source.needs.*': Object.keys(Need.shape),
  'outbound.*.targets.*': Object.keys(OutboundTarget.shape),
  'inbound.*': Object.keys(InboundRule.shape),
  'inbound.*.source': Object.keys(InboundSource.shape),
  'inbound.*.source.needs.*': Object.keys(Need.shape),
  'inbound.*.targets.*': Object.keys(InboundTarget.shape),
};

/** Returns a path with `*` for each index, such as `inbound.*.source`. */
export function placeOf(path: readonly PropertyKey[]): string {
  return path.map((part) => (typeof part === 'number' ? '*' : String(part))).join('.');
}

/** Returns the valid keys of the map at a path. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  return keysByPlace[placeOf(path)] ?? [];
}
