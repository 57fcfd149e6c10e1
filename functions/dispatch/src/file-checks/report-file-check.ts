import { type ConfigChecked, type FileCheck, fullName } from '@dispatcher/contracts';
import { GitHubPermanentError } from '@dispatcher/github';
import type { Attempt } from '@dispatcher/lambda';
import type { FileCheckStore } from '@dispatcher/store';
import { checkNameOf, type DesiredCheck } from '../checks/check-content.ts';
import { deferralOf } from '../checks/report-checks.ts';
import { areWritten, type WriteCheckDependencies, withCheckGroup, writeChecks } from '../checks/write-checks.ts';
import { fileCheckContent, fileCheckName } from './file-check-content.ts';

export interface ReportFileCheckDependencies extends WriteCheckDependencies {
  readonly fileChecks: Pick<FileCheckStore, 'getCheck'>;
  readonly createChecks: 'none' | 'summary' | 'all';
  /** How long a message waits while GitHub cannot be reached, in milliseconds. */
  readonly giveUpAfterMs: number;
  /** Where browsers reach the dashboard; null if the operator configured no PUBLIC_URL. */
  readonly publicUrl: string | null;
}

/** GitHub accepts this many annotations of one request, and adds those of the next one to them. */
const annotationsPerRequest = 50;

/**
 * Writes the check run about the dispatching.yml of a commit. All that it says comes from the stored result, and nothing
 * from the message but which one. Repeating it writes nothing: a check run is created once, whatever breaks.
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
  const parts = partsOf(check, deps.publicUrl);
  const key = `file-${check.repositoryId}-${check.sha}`;
  const { installationId, repositoryId, owner, name, sha: headSha } = check;
  const task = {
    key,
    place: { installationId, repositoryId, owner, name, headSha },
    source: String(repositoryId),
    signal,
  };
  let problem: unknown = null;
  await withCheckGroup(deps, key, async (claim) => {
    let { group } = claim;
    // The annotations of earlier requests stay, so writing continues after the last part that was written.
    const last = parts.findLastIndex((part) => areWritten(group, [part]));
    for (const part of parts.slice(last + 1)) {
      const written = await writeChecks(deps, task, claim, group, [part]);
      ({ group } = written);
      problem = written.error;
      if (problem !== null) break;
    }
    return group;
  });
  if (problem instanceof GitHubPermanentError) {
    // The permission was withdrawn, or the repository accepts no checks any more.
    log.info('GitHub refused the check of a file', { repository: fullName(check), error: problem });
    return;
  }
  if (problem !== null) throw deferralOf(deps, message, problem);
  log.info('the check of a file is written', { repository: fullName(check), sha: headSha });
}

/** Returns the check run once for each request: GitHub accepts a limited number of annotations at a time. */
function partsOf(check: FileCheck, publicUrl: string | null): DesiredCheck[] {
  const { conclusion, title, summary, annotations } = fileCheckContent(check);
  const detailsUrl = publicUrl === null ? null : `${publicUrl}/repositories/${fullName(check)}`;
  const count = Math.max(1, Math.ceil(annotations.length / annotationsPerRequest));
  return Array.from({ length: count }, (_, index) => ({
    name: checkNameOf(fileCheckName),
    content: {
      status: 'completed',
      conclusion,
      title,
      summary,
      detailsUrl,
      annotations: annotations.slice(index * annotationsPerRequest, (index + 1) * annotationsPerRequest),
    },
    mayWait: false,
  }));
}
