import { Option } from '@commander-js/extra-typings';
import { fullName, ignoredMessage, type Plan, type RunIgnored, sameName } from '@dispatcher/contracts';
import { decide, type DecideInput, type FileError, formatFileError } from '@dispatcher/rules';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { collect } from '../command-line/option-values.ts';
import { UsageError, type Terminal } from '../command.ts';
import { processContext } from '../context/command-context.ts';
import { createDecideInput, type ExplainFiles } from './decide-input.ts';
import { decideTrigger, jobIn } from './decide-trigger.ts';
import { readJobTrigger } from './job-trigger.ts';
import { parsePlace } from './live-place.ts';
import { ignoredJson, planJson } from './plan-json.ts';
import { readRun } from './read-run.ts';
import { ignoredText, planText } from './plan-text.ts';

interface ExplainOptions {
  readonly run?: string | undefined;
  readonly trigger?: string | undefined;
  readonly start?: string | undefined;
  readonly ref?: string | undefined;
  readonly event?: string | undefined;
  readonly environment?: string | undefined;
  readonly input: readonly string[];
  readonly live?: string | undefined;
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly workflow: readonly string[];
  readonly refType?: 'branch' | 'tag' | undefined;
  readonly defaultBranch: readonly string[];
  readonly policy: readonly string[];
  readonly candidate: readonly string[];
  readonly generation: number;
  readonly json: boolean;
}

export const explain = defineCommand('explain', (table, { terminal, exit }) => {
  const command = table
    .summary('explain what a workflow run would start, and why')
    .description(
      'Explain what a workflow run would start, with the function that decides in production: from files alone, or with ' +
        '--live from what GitHub has.',
    )
    .option(
      '--run <file>',
      'a run: GitHub’s workflow_run payload, the object that `gh api` prints for a run, or a RunCompleted; with --live also ' +
        'the id or the URL of a run',
    )
    .option(
      '--live <owner/name@ref>',
      'read both sides from GitHub; without --run, explain the newest completed run of this branch or tag (default: the ' +
        'default branch). Needs the App of the environment or of .env, GITHUB_TOKEN, or a running `npm start`',
    )
    .option(
      '--trigger <kind:name>',
      'explain a request instead of a run: key:nightly, schedule:nightly, webhook:grafana or, with the files of both sides, ' +
        'job:owner/name:FILE',
    )
    .option(
      '--start <owner/name:cd.yml>',
      'with --trigger: the workflow that is requested; for a target with an id, #id follows',
    )
    .option(
      '--ref <ref>',
      'with --trigger: the requested branch or tag, or the one that the job runs on (default: the default branch)',
    )
    .option('--event <name>', 'with --trigger job: what triggered the run (default: push)')
    .option('--environment <name>', 'with --trigger job: the environment of the job (default: none)')
    .option('--input <name=value>', 'with --trigger: an input; can be repeated', collect, [])
    .option('--source <owner/name=file>', 'the dispatching.yml of the run’s repository; can be repeated', collect, [])
    .option('--target <owner/name=file>', 'the dispatching.yml of a target repository; can be repeated', collect, [])
    .option(
      '--workflow <owner/name:cd.yml=file>',
      'a workflow file of a target; workflows without this option are not checked; can be repeated',
      collect,
      [],
    )
    .addOption(
      new Option('--ref-type <type>', 'what the run’s head_branch names (default: branch; tag for a release)')
        .choices(['branch', 'tag'])
        .argParser(refTypeOf),
    )
    .option(
      '--default-branch <owner/name=name>',
      'the default branch of a repository (default: main); can be repeated',
      collect,
      [],
    )
    .option(
      '--policy <owner=file>',
      'the policy file of an owner; an owner without this option has none; can be repeated',
      collect,
      [],
    )
    .option(
      '--candidate <owner/name>',
      'with --live: a repository that a pattern of the source’s file may mean; can be repeated',
      collect,
      [],
    )
    .option(
      '--generation <n>',
      'the number of previous --dispatch-again of the route. It changes the dispatch id',
      generationOf,
      0,
    )
    .option('--json', 'print JSON', false)
    .action((options) =>
      exit(
        options.live === undefined
          ? explainFiles(options, terminal)
          : explainLive(withoutTrigger(options), options.live, terminal),
      ),
    );
  return addNotes(command, {
    more: [
      'A target without an option counts as not visible to the App. The guard rails have their defaults: 25 targets per ' +
        'run, dispatch depth 5. The run counts as not started by a dispatch: ${{ dispatch.depth }} is 1. Files do not show ' +
        'the branches and tags of the source: its branch or tag counts as containing the commit of the run, and as the only ' +
        'ref with its name. Production reads both from GitHub.',
      'Patterns count as allowed by the operator. A pattern means the repositories of --target, or with --live those of ' +
        '--candidate; production takes them from the consent index.',
      'The other workflows that a rule needs count as succeeded on the same commit. With --live they are read from GitHub.',
      'A run that belongs to no workflow file is ignored: runs of managed workflows (path `dynamic/…`) and start-up ' +
        'failures (path `BuildFailed`) start nothing.',
    ],
    examples: [
      'gh api repos/octo-org/app/actions/runs/30433642 > run.json',
      'dispatcher explain --run run.json --source octo-org/app=app.yml --target octo-org/deploy=deploy.yml',
      'dispatcher explain --live octo-org/app@main',
      'dispatcher explain --trigger schedule:nightly --start octo-org/deploy:cd.yml --target octo-org/deploy=deploy.yml',
      'dispatcher explain --trigger job:octo-org/app:release.yml --start octo-org/deploy:cd.yml --source octo-org/app=app.yml --target octo-org/deploy=deploy.yml',
    ],
    exitCodes: {
      0: 'at least one dispatch is allowed',
      1: 'no dispatch is allowed, or the run is ignored',
      2: 'invalid arguments, or the source’s file is invalid',
    },
  });
});

function explainFiles(options: ExplainOptions, terminal: Terminal): number {
  const { trigger } = options;
  const job = trigger === undefined ? null : jobIn(trigger);
  if (job !== null) return explainJob(options, job, terminal);
  if (trigger !== undefined) return explainTrigger(options, trigger, terminal);
  withoutTrigger(options);
  if (options.candidate.length > 0) {
    throw new UsageError('--candidate is for --live. For files, name each target: --target OWNER/NAME=FILE');
  }
  if (options.run === undefined) {
    throw new UsageError('Name the file with the run: --run run.json, or a request: --trigger schedule:nightly');
  }
  const run = readRun(terminal, options.run);
  if (run.type === 'run.ignored') return printIgnored(run, options, terminal);
  const files = filesOf(options, options.refType ?? (run.run.event === 'release' ? 'tag' : 'branch'));
  return printPlan(createDecideInput(terminal, run, files), options, terminal);
}

/** Explains the request of a job: its run is the source, and its token says whether its ref is a branch or a tag. */
function explainJob(options: ExplainOptions, job: string, terminal: Terminal): number {
  if (options.run !== undefined) throw new UsageError('--trigger cannot be combined with --run: it names the job.');
  const refType = options.refType ?? (options.event === 'release' ? 'tag' : 'branch');
  const trigger = readJobTrigger({
    job,
    start: options.start,
    ref: options.ref ?? null,
    refType,
    event: options.event ?? 'push',
    environment: options.environment ?? null,
    inputs: options.input,
    defaultBranches: options.defaultBranch,
  });
  return printPlan(createDecideInput(terminal, trigger, filesOf(options, refType)), options, terminal);
}

function filesOf(options: ExplainOptions, refType: 'branch' | 'tag'): ExplainFiles {
  return {
    sources: options.source,
    targets: options.target,
    workflows: options.workflow,
    defaultBranches: options.defaultBranch,
    policies: options.policy,
    refType,
  };
}

/** Refuses the options of a job. @throws UsageError */
function withoutOptionsOfJobs({ event, environment }: ExplainOptions): void {
  if (event === undefined && environment === undefined) return;
  throw new UsageError('--event and --environment are for a job: add --trigger job:owner/name:release.yml.');
}

/** Explains a request: of what it names, only the target has a file. */
function explainTrigger(options: ExplainOptions, trigger: string, terminal: Terminal): number {
  withoutOptionsOfJobs(options);
  if (
    options.run !== undefined ||
    options.source.length > 0 ||
    options.refType !== undefined ||
    options.generation > 0
  ) {
    throw new UsageError(
      '--trigger is about a request: it cannot be combined with --run, --source, --ref-type or --generation.',
    );
  }
  const plan = decideTrigger(terminal, {
    trigger,
    start: options.start,
    ref: options.ref ?? null,
    inputs: options.input,
    files: {
      targets: options.target,
      workflows: options.workflow,
      defaultBranches: options.defaultBranch,
      policies: options.policy,
    },
  });
  terminal.out(options.json ? planJson(plan, 0, []) : planText(plan, 0));
  return plan.decisions.some(({ effect }) => effect === 'allow') ? 0 : 1;
}

/** Refuses the options of a request. @throws UsageError */
function withoutTrigger(options: ExplainOptions): ExplainOptions {
  withoutOptionsOfJobs(options);
  const { trigger, start, ref, input } = options;
  if (trigger === undefined && start === undefined && ref === undefined && input.length === 0) return options;
  throw new UsageError(
    trigger === undefined
      ? '--start, --ref and --input are for a request: add --trigger schedule:nightly.'
      : '--trigger explains files: it cannot be combined with --live.',
  );
}

async function explainLive(options: ExplainOptions, live: string, terminal: Terminal): Promise<number> {
  const place = parsePlace(live);
  const given = [
    ...options.source,
    ...options.target,
    ...options.workflow,
    ...options.defaultBranch,
    ...options.policy,
  ];
  if (given.length > 0 || options.refType !== undefined) {
    throw new UsageError(
      '--live reads everything from GitHub: it cannot be combined with files, --default-branch or --ref-type.',
    );
  }
  // Loaded on demand: loading GitHub's client takes longer than explaining files.
  const [{ createLiveClient }, { readDecideInput, readLiveRun }] = await Promise.all([
    import('./live-client.ts'),
    import('./live-input.ts'),
  ]);
  const client = await createLiveClient(processContext);
  const { run: named } = options;
  const runId = named === undefined ? null : runIdOf(named);
  const run =
    named !== undefined && runId === null ? readRun(terminal, named) : await readLiveRun(client, place, runId);
  if (run.type === 'run.ignored') return printIgnored(run, options, terminal);
  if (!sameName(fullName(run.repository), `${place.owner}/${place.name}`)) {
    throw new UsageError(`The run belongs to ${fullName(run.repository)}, not to ${place.owner}/${place.name}.`);
  }
  if (!options.json) terminal.out(`${run.run.htmlUrl}, read with ${client.from}\n`);
  return printPlan(await readDecideInput(client, run, options.candidate), options, terminal);
}

/** Returns the id of a run that is named by it or by its URL; null for the name of a file. */
function runIdOf(text: string): number | null {
  const id = /^(?:https?:\/\/\S+\/actions\/runs\/)?(\d{1,15})(?:\/.*)?$/.exec(text)?.[1];
  return id === undefined ? null : Number(id);
}

function printIgnored(run: RunIgnored, { json }: ExplainOptions, terminal: Terminal): number {
  const message = ignoredMessage(run);
  terminal.out(json ? ignoredJson(run.reason, message) : ignoredText(run.reason, message));
  return 1;
}

function printPlan(
  {
    input,
    sourceErrors,
    assumedWorkflows = [],
  }: {
    readonly input: DecideInput;
    readonly sourceErrors: readonly FileError[];
    readonly assumedWorkflows?: readonly string[];
  },
  { json, generation }: ExplainOptions,
  terminal: Terminal,
): number {
  const plan = decideGeneration(input, generation);
  terminal.out(json ? planJson(plan, generation, sourceErrors) : planText(plan, generation, assumedWorkflows));
  for (const error of json ? [] : sourceErrors) terminal.out(`${formatFileError(error)}\n`);
  if (plan.outcome === 'config-invalid') return 2;
  return plan.decisions.some(({ effect }) => effect === 'allow') ? 0 : 1;
}

function refTypeOf(text: string): 'branch' | 'tag' {
  if (text !== 'branch' && text !== 'tag')
    throw new UsageError(`--ref-type is \`branch\` or \`tag\`, not \`${text}\`.`);
  return text;
}

function generationOf(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`--generation needs a whole number, not \`${text}\`.`);
  return Number(text);
}

/** Decides as planning does for a `dispatch-again` replay, but for every route of the first plan. */
function decideGeneration(input: DecideInput, generation: number): Plan {
  const plan = decide(input);
  if (generation === 0) return plan;
  const generations = Object.fromEntries(plan.decisions.map(({ routeId }) => [routeId, generation]));
  return decide({ ...input, replay: { revision: plan.revision, generations, routeId: null } });
}
