import { pickRunCompleted, RunCompleted } from '@dispatcher/contracts';
import { BadInput, parsed, readText, type Terminal } from '../command.ts';

/**
 * The run in a file: GitHub's own `workflow_run` payload or a RunCompleted. A payload is taken as delivered when the
 * run was updated, so that an old example is not refused for its age.
 */
export function readRun(terminal: Terminal, path: string): RunCompleted {
  const value = readJson(terminal, path);
  if (isRecord(value) && value['type'] === 'run.completed') {
    const run = RunCompleted.safeParse(value);
    if (run.success) return run.data;
    const issue = run.error.issues[0];
    throw new BadInput(`${path} is no RunCompleted: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
  }
  // Only deliveries of an App carry an installation; an example copied from GitHub's documentation has none.
  const payload = isRecord(value) ? { ...value, installation: value['installation'] ?? { id: 1 } } : value;
  const picked = pickRunCompleted(payload, { deliveryId: 'explain', receivedAt: '1970-01-01T00:00:00.000Z' });
  switch (picked.state) {
    case 'picked':
      return { ...picked.run, receivedAt: picked.run.run.updatedAt };
    case 'ignored':
      throw new BadInput(
        `${path} would be ignored: ${picked.reason}. Give a \`workflow_run\` payload whose action is \`completed\`.`,
      );
    default:
      throw new BadInput(`${path} is no \`workflow_run\` payload: ${picked.reason}.`);
  }
}

function readJson(terminal: Terminal, path: string): unknown {
  const text = readText(terminal, path);
  return parsed(() => JSON.parse(text) as unknown, `${path} is no JSON: `);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
