import { emulatorToken } from '../app/emulator-token.ts';

// The demonstration's part of the emulator's control API: what people and their runs did on GitHub during the week.

/** A completed run to add, without a webhook. */
export interface PastRun {
  readonly repository: string;
  readonly workflow: string;
  /** A branch, or `refs/tags/…`. */
  readonly branch: string;
  readonly sha: string;
  readonly event: string;
  readonly conclusion: string;
  readonly actor: string;
  readonly attempt?: number;
  readonly fork?: boolean;
  /** When it started, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
}

export interface AddedRun {
  readonly id: number;
  readonly number: number;
  readonly htmlUrl: string;
  readonly headRepositoryId: number;
}

export interface DemoGitHub {
  readonly url: string;
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  addRun(run: PastRun): Promise<AddedRun>;
  /** Commits files to the default branch and returns the commit's id. */
  push(repository: string, files: Readonly<Record<string, string | null>>, message: string): Promise<string>;
}

/** Creates the client of the emulator. @param now the time from which the emulator counts the age of a run */
export function createDemoGitHub(url: string, now: () => number = Date.now): DemoGitHub {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const authorization = `Bearer ${emulatorToken}`;
    const response = await fetch(`${url}/_emulator${path}`, {
      method,
      ...(body === undefined
        ? { headers: { authorization } }
        : { headers: { 'content-type': 'application/json', authorization }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The emulator refused ${method} ${path} (${response.status}): ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  return {
    url,
    call,
    addRun: async ({
      repository,
      workflow,
      branch,
      sha,
      event,
      conclusion,
      actor,
      attempt,
      fork,
      startedAt,
      durationMs,
    }) => {
      const run = { repository, workflow, branch, sha, event, conclusion, actor, attempt, fork, durationMs };
      const body = { ...run, ageMs: Math.max(0, Math.round(now() - startedAt)), deliver: false };
      return (await call<{ run: AddedRun }>('POST', '/runs', body)).run;
    },
    push: async (repository, files, message) => {
      const { sha } = await call<{ sha: string }>('POST', `/repositories/${repository}/push`, { files, message });
      return sha;
    },
  };
}
