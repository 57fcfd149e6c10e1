// What .github/workflows must keep, beyond what actionlint checks. scripts/lint-workflows.ts applies it and
// scripts/workflow-rules.test.ts breaks each rule. docs/adr/0070-build-without-credentials.md says why.
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

type Permissions = string | Readonly<Record<string, string>>;

interface Job {
  readonly uses?: string;
  readonly permissions?: Permissions;
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly permissions?: Permissions;
  readonly concurrency?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
}

/** Returns the text of a file of the repository, or null if there is none. */
export type ReadFile = (path: string) => string | null;

/** Returns a problem for each third-party action that is not pinned by its full commit with the version in a comment. */
export function unpinned(text: string, file: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const uses = /^\s*(?:- )?uses:\s*(.*)$/.exec(line)?.[1];
    if (uses === undefined || uses.startsWith('./')) return [];
    return /^[\w./-]+@[0-9a-f]{40} # v\d[\w.]*$/.test(uses)
      ? []
      : [`${file}:${index + 1}: pin ${uses} by its full commit, with the version as a comment`];
  });
}

/** Returns a problem for each workflow without a concurrency group and each job without permissions or a time limit. */
export function withoutLimits(text: string, file: string): string[] {
  const { concurrency, jobs = {} } = parse(text) as Workflow;
  return [
    ...(concurrency === undefined ? [`${file}: add a concurrency group`] : []),
    ...Object.entries(jobs).flatMap(([name, job]) => [
      ...(job.permissions === undefined ? [`${file}: the job ${name} has no permissions block`] : []),
      // A job that calls a reusable workflow cannot set a limit; the jobs of the called workflow do.
      ...(job['timeout-minutes'] === undefined && job.uses === undefined
        ? [`${file}: the job ${name} has no timeout-minutes`]
        : []),
    ]),
  ];
}

/** Whether a job can get an OIDC token, with which it assumes an AWS role and signs attestations. */
function hasIdToken(permissions: Permissions | undefined): boolean {
  return typeof permissions === 'string' ? permissions === 'write-all' : permissions?.['id-token'] === 'write';
}

/** Returns the steps of a job, with those of the repository's own composite actions in their place. */
function stepsOf(steps: readonly Step[], read: ReadFile): Step[] {
  return steps.flatMap((step) => {
    if (!step.uses?.startsWith('./')) return [step];
    const action = read(`${step.uses.slice(2)}/action.yml`);
    if (action === null) throw new Error(`${step.uses} has no action.yml.`);
    return stepsOf((parse(action) as { runs: { steps?: Step[] } }).runs.steps ?? [], read);
  });
}

const script = /(?:\.ci\/run\b|\bscripts\/[\w/-]+\.(?:sh|ts|mjs))/g;

/** Returns the commands of a step: its own, and those of each script of the repository that it calls, and so on. */
function commandsOf(run: string, read: ReadFile, seen = new Set<string>()): string {
  const text = run.replaceAll(/^\s*(?:#|\/\/).*$/gm, '');
  const called = [...text.matchAll(script)].map(([path]) => path).filter((path) => !seen.has(path));
  for (const path of called) seen.add(path);
  return [text, ...called.map((path) => commandsOf(read(path) ?? '', read, seen))].join('\n');
}

// `npx --no-install` is not among them: it installs nothing, so it runs a package only where one of these ran before.
const installsOrBuilds =
  /\b(?:npm (?!--version|publish --ignore-scripts )\S+|npx (?!--no-install)|yarn\b|pnpm\b|corepack\b|(?:podman|docker|buildah) build\b|esbuild\b)|scripts\/install\.mjs|'npm'/;

/** Returns a problem for each job that both can get an OIDC token and runs code that was just installed or built. */
export function buildsWithIdToken(text: string, file: string, read: ReadFile): string[] {
  return jobsWithIdToken(text).flatMap(([name, job]) =>
    stepsOf(job.steps ?? [], read).flatMap(({ run = '' }) => {
      const command = installsOrBuilds.exec(commandsOf(run, read))?.[0].trim();
      return command === undefined
        ? []
        : [
            `${file}: the job ${name} has id-token: write and runs \`${command}\` by \`${run.trim()}\`; use another job`,
          ];
    }),
  );
}

/** Returns a problem for each job that both can get an OIDC token and restores a cache, which other runs write. */
export function restoresCacheWithIdToken(text: string, file: string, read: ReadFile): string[] {
  return jobsWithIdToken(text).flatMap(([name, job]) =>
    stepsOf(job.steps ?? [], read).flatMap(({ uses = '', with: inputs = {} }) => {
      const restores =
        uses.startsWith('actions/cache') ||
        (uses.startsWith('actions/setup-node@') &&
          (inputs['cache'] !== undefined || inputs['package-manager-cache'] !== false));
      return restores ? [`${file}: the job ${name} has id-token: write and restores a cache by ${uses}`] : [];
    }),
  );
}

function jobsWithIdToken(text: string): [string, Job][] {
  const { permissions, jobs = {} } = parse(text) as Workflow;
  return Object.entries(jobs).filter(([, job]) => hasIdToken(job.permissions ?? permissions));
}

/** Returns a problem for each artifact that a job downloads without verifying its checksum in the next step. */
export function unverifiedArtifacts(text: string, file: string, read: ReadFile): string[] {
  const { jobs = {} } = parse(text) as Workflow;
  return Object.entries(jobs).flatMap(([name, job]) => {
    const steps = stepsOf(job.steps ?? [], read);
    return steps.flatMap(({ uses = '', with: inputs = {} }, index) => {
      if (!uses.startsWith('actions/download-artifact@')) return [];
      const expected = `scripts/deploy/artifact.sh verify ${String(inputs['path'])} "$SHA256"`;
      return steps[index + 1]?.run === expected
        ? []
        : [`${file}: the job ${name} must run \`${expected}\` right after it downloads ${String(inputs['name'])}`];
    });
  });
}

/** Returns a problem for each checkout that leaves the job's token in the clone, where every later step can read it. */
export function persistsCredentials(text: string, file: string, read: ReadFile): string[] {
  const { jobs = {} } = parse(text) as Workflow;
  return Object.entries(jobs).flatMap(([name, job]) =>
    stepsOf(job.steps ?? [], read).flatMap(({ uses = '', with: inputs = {} }) =>
      uses.startsWith('actions/checkout@') && inputs['persist-credentials'] !== false
        ? [`${file}: the checkout of the job ${name} needs persist-credentials: false`]
        : [],
    ),
  );
}

/** Returns every problem of one workflow file. */
export function problemsOf(text: string, file: string, read: ReadFile): string[] {
  return [
    ...unpinned(text, file),
    ...withoutLimits(text, file),
    ...[buildsWithIdToken, restoresCacheWithIdToken, unverifiedArtifacts, persistsCredentials].flatMap((rule) =>
      rule(text, file, read),
    ),
  ];
}
