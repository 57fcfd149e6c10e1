import { pickRunCompleted, RunCompleted, type RunIgnored } from '@dispatcher/contracts';
import { UsageError, orUsageError, readText, type Terminal } from '../command.ts';

/**
 * Reads a run from a file: GitHub's `workflow_run` payload or a RunCompleted. Returns a RunIgnored for a run that starts
 * nothing whatever the files say. A payload counts as delivered when the run
 * was updated, so that an old example is not denied for its age.
 */
export function readRun(terminal: Terminal, path: string): RunCompleted | RunIgnored {
  const value = readJson(terminal, path);
  if (isRecord(value) && value['type'] === 'run.completed') {
    const run = RunCompleted.safeParse(value);
    if (run.success) return run.data;
    const issue = run.error.issues[0];
    throw new UsageError(
      `${path} is not a valid RunCompleted: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
    );
  }
  // Only webhooks of an App have an installation; the examples in GitHub's documentation do not.
  const payload = isRecord(value) ? { ...value, installation: value['installation'] ?? { id: 1 } } : value;
  const picked = pickRunCompleted(payload, { deliveryId: 'explain', receivedAt: '1970-01-01T00:00:00.000Z' });
  switch (picked.state) {
    case 'picked':
      return { ...picked.run, receivedAt: picked.run.run.updatedAt };
    case 'ignored':
      if (picked.run !== null) return picked.run;
      throw new UsageError(
        `${path} would be ignored: ${picked.reason}. Use a \`workflow_run\` payload with the action \`completed\`.`,
      );
    default:
      throw new UsageError(`${path} is not a \`workflow_run\` payload: ${picked.reason}.`);
  }
}

function readJson(terminal: Terminal, path: string): unknown {
  const text = readText(terminal, path);
  return orUsageError(() => JSON.parse(text) as unknown, `${path} is not valid JSON: `);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
