import { parseArgs } from 'node:util';
import type { Plan } from '@dispatcher/contracts';
import { decide, type DecideInput, formatFileError } from '@dispatcher/rules';
import { BadInput, type Command, parsed } from '../command.ts';
import { decideInput } from './decide-input.ts';
import { asJson } from './plan-json.ts';
import { readRun } from './read-run.ts';
import { asText } from './plan-text.ts';

const help = `Usage: dispatcher explain --run run.json --source OWNER/NAME=source.yml --target OWNER/NAME=target.yml [options]

Decides about a run on files alone, with the same function that decides in production, and says why.

  --run FILE                       GitHub's workflow_run payload, or a RunCompleted
  --source OWNER/NAME=FILE         the dispatching.yml of the run's repository
  --target OWNER/NAME=FILE         the dispatching.yml of a target
  --workflow OWNER/NAME:cd.yml=FILE  a workflow file of a target; one not named is left to GitHub
  --default-branch OWNER/NAME=NAME   default: main
  --generation N                   as after so many --dispatch-again of the route; default: 0. It makes another dispatch id
  --json                           for programs

All but --run, --generation and --json can be repeated. A target that no option names is taken for one the App cannot see.
There are no guard rails but the defaults: 25 targets, 5 dispatches in a row. The run is taken for one that no dispatch
started: \${{ dispatch.depth }} is 1.

Exit code: 0 at least one dispatch is allowed; 1 none is; 2 bad input, or the source's file is invalid.
`;

export const explain: Command = {
  summary: 'say what a run would start, and why',
  help,
  run(args, terminal) {
    const many = { type: 'string', multiple: true, default: [] as string[] } as const;
    const { values } = parsed(() =>
      parseArgs({
        args: [...args],
        options: {
          run: { type: 'string' },
          source: many,
          target: many,
          workflow: many,
          'default-branch': many,
          generation: { type: 'string', default: '0' },
          json: { type: 'boolean', default: false },
        },
      }),
    );
    if (values.run === undefined) throw new BadInput('Name the run: --run run.json');
    const run = readRun(terminal, values.run);
    const files = {
      sources: values.source,
      targets: values.target,
      workflows: values.workflow,
      defaultBranches: values['default-branch'],
    };
    const { input, sourceErrors } = decideInput(terminal, run, files);
    const generation = generationOf(values.generation);
    const plan = decideAgain(input, generation);
    terminal.out(values.json ? asJson(plan, generation, sourceErrors) : asText(plan, generation));
    for (const error of values.json ? [] : sourceErrors) terminal.out(`${formatFileError(error)}\n`);
    if (plan.outcome === 'config-invalid') return 2;
    return plan.decisions.some(({ effect }) => effect === 'allow') ? 0 : 1;
  },
};

function generationOf(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new BadInput(`--generation takes a whole number from 0, not \`${text}\`.`);
  return Number(text);
}

/** As planning does for an operator's *dispatch again*, of every route: which ones there are the first plan says. */
function decideAgain(input: DecideInput, generation: number): Plan {
  const plan = decide(input);
  if (generation === 0) return plan;
  const generations = Object.fromEntries(plan.decisions.map(({ routeId }) => [routeId, generation]));
  return decide({ ...input, again: { revision: plan.revision, generations, routeId: null } });
}
