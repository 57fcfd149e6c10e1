import type { HintsMessage, InstallationHint, RepositoryHint } from '@dispatcher/contracts';
import type { CallOptions } from '@dispatcher/lambda';

/** Where something may have changed. Whatever looks there reads the truth from GitHub. */
export interface Observer {
  /** The default branch's file, its name, its visibility or its owner. */
  repository(hint: RepositoryHint, options: CallOptions): Promise<void>;
  /** The repositories or the permissions of an installation, or the name of its account. */
  installation(hint: InstallationHint, options: CallOptions): Promise<void>;
  /** The file at the head of a branch, or of a pull request from a fork. */
  change(hint: RepositoryHint, options: CallOptions): Promise<void>;
}

/** Has the observer look where a hint says. */
export async function observe(observer: Observer, hint: HintsMessage, options: CallOptions): Promise<void> {
  if (hint.type === 'hint.installation') return observer.installation(hint, options);
  if (hint.isDefaultBranch) await observer.repository(hint, options);
  if (hint.event !== 'repository') await observer.change(hint, options);
}
