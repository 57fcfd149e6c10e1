import { foldName, policyPath, policyRepository } from '@dispatcher/contracts';
import { type AppRegistration, GitHubError, type RegisteredInstallation } from '@dispatcher/github';
import { type Finding, note, ok, problem, skipped } from '../finding.ts';

const check = 'app-policies';
/** Owners whose repositories are listed: one request for each. */
const maxOwners = 20;

/**
 * Checks that the App could see a policy of each owner: an installation on selected repositories without `.github` hides
 * one, and GitHub's response is the same as for an owner without a policy.
 */
export async function checkPolicies(
  registration: Pick<AppRegistration, 'repositories'>,
  installations: readonly RegisteredInstallation[] | null,
): Promise<Finding[]> {
  if (installations === null) return [skipped(check, 'the installations could not be read')];
  const selected = installations.filter(({ repository_selection: selection }) => selection === 'selected');
  try {
    const hidden: string[] = [];
    for (const { id, account } of selected.slice(0, maxOwners)) {
      const repositories = await registration.repositories(id);
      const sees = repositories.some(({ name }) => foldName(name) === policyRepository);
      if (!sees) hidden.push(account?.login ?? `installation ${id}`);
    }
    const unchecked = selected.length - maxOwners;
    return [
      ...hidden.map((owner) =>
        note(
          check,
          `a policy of ${owner} cannot be read: the App is installed on selected repositories without ${owner}/${policyRepository}. ` +
            `If ${owner} wants a ${policyPath}, add that repository to the installation`,
        ),
      ),
      ...(unchecked > 0
        ? [note(check, `${unchecked} more installations on selected repositories were not checked`)]
        : []),
      ...(hidden.length === 0 && unchecked <= 0
        ? [ok(check, 'the App can see the policy of every owner that has one')]
        : []),
    ];
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return [problem(check, error.message, 'Check https://www.githubstatus.com, and try again.')];
  }
}
