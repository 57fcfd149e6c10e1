import { createHmac, randomUUID } from 'node:crypto';

// Access to the emulator's control API.

export interface EmulatorRun {
  readonly id: number;
  readonly repository: string;
  readonly workflow: string;
  readonly event: string;
  readonly actor: string;
  readonly headBranch: string | null;
  readonly inputs: Readonly<Record<string, string>>;
}

export async function control<T>(emulatorUrl: string, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${emulatorUrl}/_emulator${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Returns the runs of a repository that a dispatch started. */
export async function dispatchedRuns(emulatorUrl: string, repository: string): Promise<EmulatorRun[]> {
  const runs = await control<EmulatorRun[]>(emulatorUrl, 'GET', '/runs');
  return runs.filter((run) => run.repository === repository && run.event === 'workflow_dispatch');
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
