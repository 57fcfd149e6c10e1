import type { GitHubApp, InstalledRepository, RegisteredInstallation, AppRegistration } from '@dispatcher/github';

/** The workflow of the probe's run. No rule names it, so the run cannot start anything. */
export const probeWorkflow = 'dispatcher-doctor.yml';

export interface Probe {
  readonly installationId: number;
  readonly repository: InstalledRepository;
  /** `no-config` if the repository has no dispatching.yml, `no-match` if it has rules: none of them can match. */
  readonly expected: 'no-config' | 'no-match';
}

const maxRepositories = 50;
const batchSize = 10;

/**
 * Finds a repository for the probe's run: one without a dispatching.yml among the first 50, else the first with a
 * readable file. Null if there is none.
 */
export async function findProbe(
  registration: AppRegistration,
  github: Pick<GitHubApp, 'createReader'>,
  installations: readonly RegisteredInstallation[],
): Promise<Probe | null> {
  let withRules: Probe | null = null;
  let remaining = maxRepositories;
  for (const { id: installationId } of installations) {
    const repositories = (await registration.repositories(installationId)).filter(({ archived }) => !archived);
    for (let at = 0; at < Math.min(repositories.length, remaining); at += batchSize) {
      const batch = repositories.slice(at, at + batchSize);
      const outcomes = await Promise.all(batch.map((one) => expectedOf(github, installationId, one)));
      for (const [index, repository] of batch.entries()) {
        const expected = outcomes[index];
        if (expected === 'no-config') return { installationId, repository, expected };
        if (expected === 'no-match') withRules ??= { installationId, repository, expected };
      }
    }
    remaining -= repositories.length;
    if (remaining <= 0) break;
  }
  return withRules;
}

/** Returns the expected outcome; null if the repository is empty, or its file may be invalid. */
async function expectedOf(
  github: Pick<GitHubApp, 'createReader'>,
  installationId: number,
  { owner, name }: InstalledRepository,
): Promise<Probe['expected'] | null> {
  const snapshot = await github.createReader().readSource({ installationId, owner: owner.login, name });
  if (snapshot.state !== 'read' || snapshot.defaultBranch === null) return null;
  const states = Object.values(snapshot.files).map(({ state }) => state);
  if (states.every((state) => state === 'absent')) return 'no-config';
  return states.filter((state) => state === 'read').length === 1 && states.includes('absent') ? 'no-match' : null;
}

/** Returns a `workflow_run` payload with the fields that Dispatcher reads. @param at milliseconds since the epoch */
export function probePayload({ installationId, repository }: Probe, at: number): object {
  const time = new Date(at).toISOString();
  const { id, name, owner, default_branch: branch, html_url: page } = repository;
  return {
    action: 'completed',
    workflow_run: {
      // Far above GitHub's ids, and different each time: a run with a known id would count as a repeat.
      id: at,
      name: 'Check by dispatcher doctor',
      path: `.github/workflows/${probeWorkflow}`,
      run_number: 1,
      run_attempt: 1,
      event: 'workflow_dispatch',
      status: 'completed',
      // A second safeguard: rules match successful runs only, unless they name other conclusions.
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
