import { type ConfigChecked, type FileCheck, fileCheckKey, fullName } from '@dispatcher/contracts';
import { GitHubPermanentError } from '@dispatcher/github';
import type { Attempt } from '@dispatcher/lambda';
import type { FileCheckStore } from '@dispatcher/store';
import { checkNameOf, type DesiredCheck } from '../checks/check-content.ts';
import { deferralOf } from '../checks/report-checks.ts';
import { type WriteCheckDependencies, withCheckGroup, writeChecks } from '../checks/write-checks.ts';
import { fileCheckContent, fileCheckName } from './file-check-content.ts';

export interface ReportFileCheckDependencies extends WriteCheckDependencies {
  readonly fileChecks: Pick<FileCheckStore, 'getCheck'>;
  readonly createChecks: 'none' | 'summary' | 'all';
  /** How long a message waits while GitHub cannot be reached, in milliseconds. */
  readonly giveUpAfterMs: number;
  /** Where browsers reach the dashboard; null if the operator configured no PUBLIC_URL. */
  readonly publicUrl: string | null;
}

/**
 * Writes the check run about the dispatching.yml of a commit. All that it says comes from the stored result, and nothing
 * from the message but which one. Repeating it writes nothing, until the commit is checked again.
 */
export async function reportFileCheck(
  deps: ReportFileCheckDependencies,
  message: ConfigChecked,
  { signal, log }: Pick<Attempt, 'signal' | 'log'>,
): Promise<void> {
  if (deps.createChecks === 'none') return;
  const check = await deps.fileChecks.getCheck(message.data);
  if (check === null) {
    log.warn('no check of this commit is stored; nothing was written', { sha: message.data.sha });
    return;
  }
  const key = fileCheckKey(check);
  const { installationId, repositoryId, owner, name, sha: headSha } = check;
  const task = {
    key,
    place: { installationId, repositoryId, owner, name, headSha },
    source: String(repositoryId),
    signal,
  };
  let problem: unknown = null;
  await withCheckGroup(deps, key, async (claim) => {
    // A result of another delivery is written although it says the same: GitHub shows the check as queued after "Re-run".
    const group = { ...claim.group, refreshes: [check.deliveryId] };
    const written = await writeChecks(deps, task, claim, group, [desiredCheck(check, deps.publicUrl)]);
    problem = written.error;
    return written.group;
  });
  if (problem instanceof GitHubPermanentError) {
    // The permission was withdrawn, or the repository accepts no checks any more.
    log.info('GitHub refused the check of a file', { repository: fullName(check), error: problem });
    return;
  }
  if (problem !== null) throw deferralOf(deps, message, problem);
  log.info('the check of a file is written', { repository: fullName(check), sha: headSha });
}

function desiredCheck(check: FileCheck, publicUrl: string | null): DesiredCheck {
  const detailsUrl = publicUrl === null ? null : `${publicUrl}/repositories/${fullName(check)}`;
  return {
    name: checkNameOf(fileCheckName),
    content: { status: 'completed', ...fileCheckContent(check), detailsUrl },
    mayWait: false,
  };
}
