import { setTimeout as delay } from 'node:timers/promises';
import { describeNetworkError } from './network-error.ts';

const maxPauseSeconds = 60;

/** Thrown for a request to GitHub without a successful response. */
export class GitHubContactError extends Error {
  override readonly name = 'GitHubContactError';
  /** HTTP status. Null: no response came. */
  readonly status: number | null;

  constructor(status: number | null, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Sends a request to GitHub. @throws GitHubContactError that says why there is no response, or what GitHub responded */
export async function fetchFromGitHub(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    const text = `GitHub cannot be reached at ${new URL(url).origin}: ${describeNetworkError(error, url)}`;
    throw new GitHubContactError(null, text, { cause: error });
  }
  if (response.ok) return response;
  const body = (await response.text()).slice(0, 300);
  const text = `GitHub returned ${response.status} for ${new URL(url).pathname}: ${messageIn(body)}.${hintOf(response.status)}`;
  throw new GitHubContactError(response.status, text);
}

function messageIn(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    return body || 'an empty body';
  }
}

function hintOf(status: number): string {
  return status === 401
    ? ' GitHub does not accept the App’s credentials: check GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY and the clock of this machine.'
    : '';
}

/**
 * Repeats `attempt` until it succeeds, with growing pauses, and prints each failure with the time of the next attempt.
 * Returns the last failure, or null if `signal` was aborted.
 */
export async function repeatUntilReached(
  attempt: () => Promise<unknown>,
  { print, signal }: { readonly print: (line: string) => void; readonly signal: AbortSignal },
): Promise<{ readonly lastError: unknown } | null> {
  let lastError: unknown = null;
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      await attempt();
      return { lastError };
    } catch (error) {
      lastError = error;
      if (signal.aborted) return null;
      const pauseSeconds = Math.min(2 ** failures, maxPauseSeconds);
      const consequence = failures === 0 ? 'Dispatcher keeps trying, and starts no workflow until then. ' : '';
      print(`${error instanceof Error ? error.message : String(error)} ${consequence}Next try in ${pauseSeconds} s.`);
      await delay(pauseSeconds * 1_000, undefined, { signal }).catch(() => undefined);
    }
  }
  return null;
}
