import type { GitHubApp, InstalledRepository, RegisteredInstallation, Registration } from '@dispatcher/github';

/**
 * The workflow of the run that is sent: no rule names it, so it can start nothing, whatever the repository's file says.
 */
export const probeWorkflow = 'dispatcher-doctor.yml';

export interface Probe {
  readonly installationId: number;
  readonly repository: InstalledRepository;
  /** `no-config` where the repository has no dispatching.yml, `no-match` where it has rules, none of which can fit. */
  readonly expected: 'no-config' | 'no-match';
}

const mostRepositories = 50;
const readTogether = 10;

/**
 * A repository of the App for the run that is sent: one without a dispatching.yml where there is one among the first
 * 50, else the first whose rules can be read. Null where no installation has any.
 */
export async function findProbe(
  registration: Registration,
  github: Pick<GitHubApp, 'createReader'>,
  installations: readonly RegisteredInstallation[],
): Promise<Probe | null> {
  let withRules: Probe | null = null;
  let left = mostRepositories;
  for (const { id: installationId } of installations) {
    const repositories = (await registration.repositories(installationId)).filter(({ archived }) => !archived);
    for (let at = 0; at < Math.min(repositories.length, left); at += readTogether) {
      const some = repositories.slice(at, at + readTogether);
      const outcomes = await Promise.all(some.map((one) => expectedOf(github, installationId, one)));
      for (const [index, repository] of some.entries()) {
        const expected = outcomes[index];
        if (expected === 'no-config') return { installationId, repository, expected };
        if (expected === 'no-match') withRules ??= { installationId, repository, expected };
      }
    }
    left -= repositories.length;
    if (left <= 0) break;
  }
  return withRules;
}

/** Null: the repository is empty, or has a file that cannot be relied on to be valid. */
async function expectedOf(
  github: Pick<GitHubApp, 'createReader'>,
  installationId: number,
  { owner, name }: InstalledRepository,
): Promise<Probe['expected'] | null> {
  const reading = await github.createReader().readSource({ installationId, owner: owner.login, name });
  if (reading.state !== 'read' || reading.defaultBranch === null) return null;
  const states = Object.values(reading.files).map(({ state }) => state);
  if (states.every((state) => state === 'absent')) return 'no-config';
  return states.filter((state) => state === 'read').length === 1 && states.includes('absent') ? 'no-match' : null;
}

/** A `workflow_run` `completed` as GitHub sends it, as far as Dispatcher looks at it. `at` in milliseconds. */
export function probePayload({ installationId, repository }: Probe, at: number): object {
  const time = new Date(at).toISOString();
  const { id, name, owner, default_branch: branch, html_url: page } = repository;
  return {
    action: 'completed',
    workflow_run: {
      // Far above GitHub's ids, and another one each time: the run of an earlier check is planned already.
      id: at,
      name: 'A check by dispatcher doctor',
      path: `.github/workflows/${probeWorkflow}`,
      run_number: 1,
      run_attempt: 1,
      event: 'workflow_dispatch',
      status: 'completed',
      // A second reason why nothing starts: rules are about successful runs unless they say otherwise.
      conclusion: 'skipped',
      head_branch: branch,
      head_sha: '0'.repeat(40),
      head_repository: { id },
      html_url: page,
      run_started_at: time,
      updated_at: time,
      actor: { login: 'dispatcher-doctor' },
    },
    repository: { id, name, full_name: `${owner.login}/${name}`, owner, default_branch: branch, html_url: page },
    installation: { id: installationId },
    sender: { login: 'dispatcher-doctor' },
  };
}
