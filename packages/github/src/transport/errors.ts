import type { Code } from '@dispatcher/contracts';

export type GitHubErrorKind = 'permanent' | 'transient' | 'rate-limited' | 'unknown-outcome';

/** A request that GitHub did not fulfill. The message is GitHub's own where the response has one. */
export abstract class GitHubError extends Error {
  abstract readonly kind: GitHubErrorKind;
  /** HTTP status; null when no response arrived. */
  readonly status: number | null;

  constructor(message: string, status: number | null, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.status = status;
  }
}

/** The same request fails again until somebody changes something at GitHub. */
export class GitHubPermanentError extends GitHubError {
  readonly kind = 'permanent';
  /** The decision code for a dispatch; null for requests that belong to no dispatch. */
  readonly code: Code | null;

  constructor(message: string, status: number | null, code: Code | null = null) {
    super(message, status);
    this.code = code;
  }
}

/** Nothing changed at GitHub. The same request may succeed later. */
export class GitHubTransientError extends GitHubError {
  readonly kind = 'transient';
  /**
   * True when GitHub refused the App's JWT or its token. This says nothing about any repository; if it persists, the
   * operator must fix the App's id or private key.
   */
  readonly credentials: boolean;

  constructor(message: string, status: number | null, options?: ErrorOptions & { credentials?: boolean }) {
    super(message, status, options);
    this.credentials = options?.credentials ?? false;
  }
}

/**
 * GitHub cannot be reached: it responded with 5xx, did not respond in time, or the connection failed. Nothing changed at
 * GitHub. This says nothing about any repository: wait until GitHub has recovered.
 */
export class GitHubUnreachableError extends GitHubTransientError {
  /**
   * Until then no request of the installation is sent, in milliseconds from now; null for a request of the App itself,
   * for which no time is stored.
   */
  readonly retryAfterMs: number | null;

  constructor(message: string, status: number | null, options: ErrorOptions & { retryAfterMs?: number } = {}) {
    super(message, status, options);
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** Nothing changed at GitHub. It refuses every request of this installation until `retryAfterMs` has passed. */
export class GitHubRateLimitedError extends GitHubError {
  readonly kind = 'rate-limited';
  readonly retryAfterMs: number;
  /**
   * `primary`: the hourly limit is used up. `secondary`: too many requests at once. `known`: the limit was known before
   * and no request was sent, see InstallationLimits.
   */
  readonly scope: 'primary' | 'secondary' | 'known';
  /** Null when the App itself (its JWT) is limited. */
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
 * A write was sent and its response is missing, so it may or may not have taken effect. Read GitHub's state before
 * sending it again.
 */
export class GitHubUnknownOutcomeError extends GitHubError {
  readonly kind = 'unknown-outcome';
}
