// The part of the emulator's control API that the commands use. The emulator is a separate program, not a dependency.

export interface Repository {
  readonly repository: string;
  readonly visibility: string;
  readonly archived: boolean;
  readonly defaultBranch: string;
  readonly branches: readonly string[];
  readonly tags: readonly string[];
  readonly htmlUrl: string;
}

export interface Run {
  readonly id: number;
  readonly repository: string;
  readonly workflow: string;
  readonly event: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly headBranch: string | null;
  readonly htmlUrl: string;
  readonly createdAt: string;
}

export interface StartedJob {
  /** With which the job requests OIDC tokens. Empty: it may request none. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface CompletedRun {
  readonly run: Run;
  readonly delivery: {
    readonly guid: string;
    readonly statusCode: number;
    readonly responseBody: string | null;
  } | null;
  readonly notDelivered: string | null;
}

export interface CheckRun {
  readonly id: number;
  readonly suiteId: number;
  readonly name: string;
  readonly title: string | null;
  readonly status: string;
  readonly conclusion: string | null;
  readonly repository: string;
}

export interface Issue {
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly state: string;
}

export interface Fault {
  readonly match: Readonly<Record<string, unknown>>;
  readonly fault: unknown;
  readonly seen: number;
  readonly met: number;
}

export interface EmulatorApi {
  /** Base URL of the pages. */
  readonly url: string;
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
}

/** @throws Error with the emulator's message, or advice if it cannot be reached */
export function createEmulatorApi(url: string, token: string): EmulatorApi {
  return {
    url,
    async call<T>(method: string, path: string, body?: unknown): Promise<T> {
      const response = await fetch(`${url}/_emulator${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch((cause: unknown) => {
        throw new Error(
          `The GitHub emulator does not respond at ${url}. Start the system in another terminal with: npm start`,
          { cause },
        );
      });
      const content = (await response.json()) as T & { readonly message?: string };
      if (!response.ok) throw new Error(content.message ?? `The emulator responded with HTTP ${response.status}.`);
      return content;
    },
  };
}
