import { parseArgs } from 'node:util';
import { ignoredMessage, type Plan } from '@dispatcher/contracts';
import { decide, type DecideInput, formatFileError } from '@dispatcher/rules';
import { UsageError, type Command, orUsageError } from '../command.ts';
import { createDecideInput } from './decide-input.ts';
import { ignoredJson, planJson } from './plan-json.ts';
import { readRun } from './read-run.ts';
import { ignoredText, planText } from './plan-text.ts';

const help = `Usage: dispatcher explain --run run.json --source OWNER/NAME=source.yml --target OWNER/NAME=target.yml [options]

Explain what a workflow run would start, from files alone, with the function that decides in production.

Options:
  --run FILE                         a run: GitHub's workflow_run payload, the object of
                                     \`gh api repos/OWNER/NAME/actions/runs/ID\`, or a RunCompleted
  --source OWNER/NAME=FILE           the dispatching.yml of the run's repository
  --target OWNER/NAME=FILE           the dispatching.yml of a target repository
  --workflow OWNER/NAME:cd.yml=FILE  a workflow file of a target; workflows without this option are not checked
  --ref-type branch|tag              what the run's head_branch names (default: branch; tag for a release)
  --default-branch OWNER/NAME=NAME   the default branch of a repository (default: main)
  --generation N                     the number of previous --dispatch-again of the route (default: 0). It changes the
                                     dispatch id
  --json                             print JSON

All options except --run, --ref-type, --generation and --json can be repeated. A target without an option counts as not visible to
the App. The guard rails have their defaults: 25 targets per run, dispatch depth 5. The run counts as not started by a
dispatch: \${{ dispatch.depth }} is 1. Files do not show the branches and tags of the source: its branch or tag counts
as containing the commit of the run, and as the only ref with its name. Production reads both from GitHub.

Examples:
  gh api repos/octo-org/app/actions/runs/30433642 > run.json
  dispatcher explain --run run.json --source octo-org/app=app.yml --target octo-org/deploy=deploy.yml

A run that belongs to no workflow file is ignored: runs of managed workflows (path \`dynamic/…\`) and start-up failures
(path \`BuildFailed\`) start nothing.

Exit codes: 0 at least one dispatch is allowed; 1 no dispatch is allowed, or the run is ignored; 2 invalid arguments, or the source's file is
invalid.
`;

export const explain: Command = {
  summary: 'explain what a workflow run would start, and why',
  help,
  run(args, terminal) {
    const repeatable = { type: 'string', multiple: true, default: [] as string[] } as const;
    const { values } = orUsageError(() =>
      parseArgs({
        args: [...args],
        options: {
          run: { type: 'string' },
          source: repeatable,
          target: repeatable,
          workflow: repeatable,
          'default-branch': repeatable,
          'ref-type': { type: 'string' },
          generation: { type: 'string', default: '0' },
          json: { type: 'boolean', default: false },
        },
      }),
    );
    if (values.run === undefined) throw new UsageError('Name the file with the run: --run run.json');
    const run = readRun(terminal, values.run);
    if (run.type === 'run.ignored') {
      const message = ignoredMessage(run);
      terminal.out(values.json ? ignoredJson(run.reason, message) : ignoredText(run.reason, message));
      return 1;
    }
    const files = {
      sources: values.source,
      targets: values.target,
      workflows: values.workflow,
      defaultBranches: values['default-branch'],
      refType: refTypeOf(values['ref-type'] ?? (run.run.event === 'release' ? 'tag' : 'branch')),
    };
    const { input, sourceErrors } = createDecideInput(terminal, run, files);
    const generation = generationOf(values.generation);
    const plan = decideGeneration(input, generation);
    terminal.out(values.json ? planJson(plan, generation, sourceErrors) : planText(plan, generation));
    for (const error of values.json ? [] : sourceErrors) terminal.out(`${formatFileError(error)}\n`);
    if (plan.outcome === 'config-invalid') return 2;
    return plan.decisions.some(({ effect }) => effect === 'allow') ? 0 : 1;
  },
};

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
