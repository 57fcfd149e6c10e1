import { createHmac, randomUUID } from 'node:crypto';
import { emulatorToken } from '../app/emulator-token.ts';
import { until } from './until.ts';

// Access to the emulator's control API.

export interface EmulatorRun {
  readonly id: number;
  readonly repository: string;
  readonly workflow: string;
  readonly event: string;
  readonly actor: string;
  readonly headBranch: string | null;
  readonly conclusion: string | null;
  readonly inputs: Readonly<Record<string, string>>;
}

/** @param token default: that of an emulator which this process started */
export async function control<T>(
  emulatorUrl: string,
  method: string,
  path: string,
  body?: unknown,
  token = emulatorToken,
): Promise<T> {
  const authorization = `Bearer ${token}`;
  const response = await fetch(`${emulatorUrl}/_emulator${path}`, {
    method,
    ...(body === undefined
      ? { headers: { authorization } }
      : { headers: { 'content-type': 'application/json', authorization }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Adds a commit to the default branch of a repository, and returns its id. */
export async function addCommit(emulatorUrl: string, repository: string): Promise<string> {
  const files = { 'CHANGELOG.md': `${randomUUID()}\n` };
  const { sha } = await control<{ sha: string }>(emulatorUrl, 'POST', `/repositories/${repository}/push`, { files });
  return sha;
}

/** Returns the runs of a repository that a dispatch started. */
export async function dispatchedRuns(
  emulatorUrl: string,
  repository: string,
  token = emulatorToken,
): Promise<EmulatorRun[]> {
  const runs = await control<EmulatorRun[]>(emulatorUrl, 'GET', '/runs', undefined, token);
  return runs.filter((run) => run.repository === repository && run.event === 'workflow_dispatch');
}

/**
 * Waits for the issue that tells a repository what could not be read. Writing it ends a recorded outage, which otherwise
 * lasts as long again as it lasted, also after GitHub responds.
 */
export async function untilIssueIsOpen(emulatorUrl: string, repository: string): Promise<void> {
  interface Issue {
    readonly repository: string;
    readonly state: string;
  }
  await until(async () => {
    const issues = await control<Issue[]>(emulatorUrl, 'GET', '/issues');
    return issues.some((issue) => issue.repository === repository && issue.state === 'open');
  });
}

/** Returns the headers of a signed webhook delivery. */
export function deliveryHeaders(body: string, secret: string, event = 'workflow_run'): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/0000000',
    'x-github-event': event,
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
}
