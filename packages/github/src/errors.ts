import type { Code } from '@dispatcher/contracts';

export type GitHubErrorKind = 'permanent' | 'transient' | 'rate-limited' | 'unknown-outcome';

/**
 * A request that GitHub did not answer with what was asked for. The message is GitHub's own sentence where it gave one.
 */
export abstract class GitHubError extends Error {
  abstract readonly kind: GitHubErrorKind;
  /** HTTP status; null where no answer came. */
  readonly status: number | null;

  constructor(message: string, status: number | null, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.status = status;
  }
}

/** The same request will get the same answer until somebody changes something at GitHub. */
export class GitHubPermanentError extends GitHubError {
  readonly kind = 'permanent';
  /** What it means for a dispatch; null for requests that belong to none. */
  readonly code: Code | null;

  constructor(message: string, status: number | null, code: Code | null = null) {
    super(message, status);
    this.code = code;
  }
}

/** Nothing was changed at GitHub, and the same request may succeed later. */
export class GitHubTransientError extends GitHubError {
  readonly kind = 'transient';
  /**
   * GitHub does not take the App's JWT or its token: no verdict on any repository, and the operator's to mend if it
   * stays so.
   */
  readonly credentials: boolean;

  constructor(message: string, status: number | null, options?: ErrorOptions & { credentials?: boolean }) {
    super(message, status, options);
    this.credentials = options?.credentials ?? false;
  }
}

/** Nothing was changed at GitHub, and every request of this installation is refused until then. */
export class GitHubRateLimitedError extends GitHubError {
  readonly kind = 'rate-limited';
  readonly retryAfterMs: number;
  /**
   * `primary`: the hourly budget is spent. `secondary`: too much at once. `known`: no request was made, see
   * InstallationLimits.
   */
  readonly scope: 'primary' | 'secondary' | 'known';
  /** Null where the App itself (its JWT) is limited. */
  readonly installationId: number | null;

  constructor(
    message: string,
    status: number | null,
    limit: { retryAfterMs: number; scope: 'primary' | 'secondary' | 'known'; installationId: number | null },
  ) {
    super(message, status);
    this.retryAfterMs = limit.retryAfterMs;
    this.scope = limit.scope;
    this.installationId = limit.installationId;
  }
}

/**
 * A request that writes was sent and its answer is lost: it may or may not have taken effect. Ask before sending it
 * again.
 */
export class GitHubUnknownOutcomeError extends GitHubError {
  readonly kind = 'unknown-outcome';
}
