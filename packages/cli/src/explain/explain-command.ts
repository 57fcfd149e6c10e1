import { Option } from '@commander-js/extra-typings';
import { ignoredMessage, type Plan } from '@dispatcher/contracts';
import { decide, type DecideInput, formatFileError } from '@dispatcher/rules';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { collect } from '../command-line/option-values.ts';
import { UsageError, type Terminal } from '../command.ts';
import { createDecideInput } from './decide-input.ts';
import { ignoredJson, planJson } from './plan-json.ts';
import { readRun } from './read-run.ts';
import { ignoredText, planText } from './plan-text.ts';

interface ExplainOptions {
  readonly run?: string | undefined;
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly workflow: readonly string[];
  readonly refType?: 'branch' | 'tag' | undefined;
  readonly defaultBranch: readonly string[];
  readonly generation: number;
  readonly json: boolean;
}

export const explain = defineCommand('explain', (table, { terminal, exit }) => {
  const command = table
    .summary('explain what a workflow run would start, and why')
    .description(
      'Explain what a workflow run would start, from files alone, with the function that decides in production.',
    )
    .option('--run <file>', 'GitHub’s workflow_run payload, or a RunCompleted')
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
      '--generation <n>',
      'the number of previous --dispatch-again of the route. It changes the dispatch id',
      generationOf,
      0,
    )
    .option('--json', 'print JSON', false)
    .action((options) => exit(explainRun(options, terminal)));
  return addNotes(command, {
    more: [
      'A target without an option counts as not visible to the App. The guard rails have their defaults: 25 targets per ' +
        'run, dispatch depth 5. The run counts as not started by a dispatch: ${{ dispatch.depth }} is 1. Files do not show ' +
        'the branches and tags of the source: its branch or tag counts as containing the commit of the run, and as the only ' +
        'ref with its name. Production reads both from GitHub.',
      'A run that belongs to no workflow file is ignored: runs of managed workflows (path `dynamic/…`) and start-up ' +
        'failures (path `BuildFailed`) start nothing.',
    ],
    examples: ['dispatcher explain --run run.json --source octo-org/app=app.yml --target octo-org/deploy=deploy.yml'],
    exitCodes: {
      0: 'at least one dispatch is allowed',
      1: 'no dispatch is allowed, or the run is ignored',
      2: 'invalid arguments, or the source’s file is invalid',
    },
  });
});

function explainRun(options: ExplainOptions, terminal: Terminal): number {
  const { json, generation } = options;
  if (options.run === undefined) throw new UsageError('Name the file with the run: --run run.json');
  const run = readRun(terminal, options.run);
  if (run.type === 'run.ignored') {
    const message = ignoredMessage(run);
    terminal.out(json ? ignoredJson(run.reason, message) : ignoredText(run.reason, message));
    return 1;
  }
  const files = {
    sources: options.source,
    targets: options.target,
    workflows: options.workflow,
    defaultBranches: options.defaultBranch,
    refType: options.refType ?? (run.run.event === 'release' ? 'tag' : 'branch'),
  };
  const { input, sourceErrors } = createDecideInput(terminal, run, files);
  const plan = decideGeneration(input, generation);
  terminal.out(json ? planJson(plan, generation, sourceErrors) : planText(plan, generation));
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
