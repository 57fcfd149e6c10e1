import { pickRunCompleted, RunCompleted, type RunIgnored } from '@dispatcher/contracts';
import { UsageError, orUsageError, readText, type Terminal } from '../command.ts';

/**
 * Reads a run from a file: GitHub's `workflow_run` payload, the object of `gh api repos/OWNER/NAME/actions/runs/ID`, or a
 * RunCompleted. Returns a RunIgnored for a run that starts
 * nothing whatever the files say. A payload counts as delivered when the run
 * was updated, so that an old example is not denied for its age.
 */
export function readRun(terminal: Terminal, path: string): RunCompleted | RunIgnored {
  return runOf(readJson(terminal, path), path);
}

/** Returns the run of a value in any of these forms. `path` is where the value is from, for messages. */
export function runOf(value: unknown, path: string): RunCompleted | RunIgnored {
  if (isRecord(value) && value['type'] === 'run.completed') {
    const run = RunCompleted.safeParse(value);
    if (run.success) return run.data;
    const issue = run.error.issues[0];
    throw new UsageError(
      `${path} is not a valid RunCompleted: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
    );
  }
  // Only webhooks of an App have an installation; the examples in GitHub's documentation do not.
  const delivered = asPayload(value, path);
  const payload = isRecord(delivered)
    ? { ...delivered, installation: delivered['installation'] ?? { id: 1 } }
    : delivered;
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
      throw new UsageError(`${path} is neither a \`workflow_run\` payload nor a run of \`gh api\`: ${picked.reason}.`);
  }
}

/** Returns the payload that GitHub delivers for a run of its REST API. Any other value is returned as it is. */
function asPayload(value: unknown, path: string): unknown {
  if (!isRecord(value) || 'workflow_run' in value) return value;
  if (Array.isArray(value['workflow_runs'])) {
    throw new UsageError(`${path} is a list of runs. Use one: \`gh api repos/OWNER/NAME/actions/runs/ID\`.`);
  }
  const { repository, status } = value;
  if (!('run_number' in value) || !isRecord(repository)) return value;
  if (status !== 'completed') {
    throw new UsageError(`${path} is a run with the status \`${String(status)}\`. Only completed runs start anything.`);
  }
  // The API leaves the default branch out. What decides is that of the source, not that of the run.
  return { action: 'completed', workflow_run: value, repository: { default_branch: 'main', ...repository } };
}

function readJson(terminal: Terminal, path: string): unknown {
  const text = readText(terminal, path);
  return orUsageError(() => JSON.parse(text) as unknown, `${path} is not valid JSON: `);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
