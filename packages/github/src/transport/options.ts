/** The rate limit that a response reported in its `x-ratelimit-*` headers. */
export interface RateLimitStatus {
  /** Null for requests made as the App itself (with its JWT) rather than as an installation. */
  readonly installationId: number | null;
  /** GitHub's name of the rate limit: `core`, `graphql`. */
  readonly resource: string;
  readonly limit: number;
  readonly remaining: number;
  /** When GitHub resets the limit, by GitHub's clock, in milliseconds since the epoch. */
  readonly resetsAt: number;
}

export interface GitHubAppOptions {
  /** The App's id or client id: the issuer of its JWTs. */
  readonly appId: string;
  /** PEM (PKCS#1 or PKCS#8), with real or escaped (`\n`) newlines. */
  readonly privateKey: string;
  /** `GITHUB_API_URL`. Default: `https://api.github.com`. GitHub Enterprise Server: `https://HOST/api/v3`. */
  readonly apiUrl?: string;
  readonly fetch?: typeof fetch;
  /** Returns milliseconds since the epoch. Default: the system clock. */
  readonly now?: () => number;
  /** Resolves after so many milliseconds. Default: a timer. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  /** Timeout of one request. Default: 8 s, or 10 s for a request that must not be repeated. */
  readonly requestTimeoutMs?: number;
  /** Called for each response that carries rate-limit headers, error responses included. */
  readonly onRateLimit?: (seen: RateLimitStatus) => void;
  /** Read before every request with an installation token, and updated when such a request is limited or fails. */
  readonly limits?: InstallationLimits;
}

/** Why no request of an installation may be sent now. Times are in milliseconds since the epoch. */
export interface InstallationHold {
  /** GitHub refuses the installation's requests until then; null when it is not rate limited. */
  readonly rateLimitedUntil: number | null;
  /**
   * GitHub could not be reached since then, and no request is sent before `until`. Once that time has passed, the next
   * request shows whether GitHub has recovered. Null when GitHub responded to the last request.
   */
  readonly outage: { readonly since: number; readonly until: number } | null;
}

/**
 * Rate limits and outages of installations, shared with other processes. While an installation is held, the client sends
 * no request with its tokens.
 */
export interface InstallationLimits {
  holdOf(installationId: number): Promise<InstallationHold>;
  setDeferUntil(installationId: number, untilMs: number): Promise<void>;
  /** Records that GitHub could not be reached. Returns until when no request is sent, in milliseconds since the epoch. */
  recordOutage(installationId: number): Promise<number>;
  /** Records that GitHub responded again, unless the outage was extended since it was read. */
  endOutage(installationId: number, outage: { readonly until: number }): Promise<void>;
}

/** Options of one call. A call may make several requests. */
export interface CallOptions {
  /**
   * Ends the call early. Aborted before a request is sent, or during one that may be repeated, the call rejects with
   * GitHubTransientError. Aborted during a POST that must not be repeated, it rejects with GitHubUnknownOutcomeError:
   * GitHub may have carried it out. The client's own timeout applies as well.
   */
  readonly signal?: AbortSignal | undefined;
}
