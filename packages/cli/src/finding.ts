/**
 * The result of one check. `note`: no problem, but worth knowing. `skipped`: another problem prevented the check.
 */
export type Status = 'ok' | 'note' | 'problem' | 'skipped';

export interface Finding {
  /** The name of the check: stable, for scripts. */
  readonly check: string;
  readonly status: Status;
  readonly message: string;
  /** What to do next; set for every problem. */
  readonly remedy?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, status: 'ok', message };
}

export function note(check: string, message: string): Finding {
  return { check, status: 'note', message };
}

export function problem(check: string, message: string, remedy: string): Finding {
  return { check, status: 'problem', message, remedy };
}

export function skipped(check: string, reason: string): Finding {
  return { check, status: 'skipped', message: `skipped: ${reason}` };
}

export function isFine(findings: readonly Finding[]): boolean {
  return findings.every(({ status }) => status !== 'problem');
}

const marks: Readonly<Record<Status, string>> = { ok: '✓', note: 'i', problem: '✗', skipped: '-' };

export function findingsAsText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, status, message, remedy }) => [
    `${marks[status]} ${check.padEnd(width)}  ${printable(message)}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(width + 4)}→ ${printable(remedy)}`]),
  ]);
  const problems = findings.filter(({ status }) => status === 'problem').length;
  const summary = problems === 0 ? 'No problems found.' : `${problems} problem${problems === 1 ? '' : 's'} found.`;
  return `${lines.join('\n')}\n\n${summary}\n`;
}

export function findingsAsJson(findings: readonly Finding[]): string {
  return `${JSON.stringify({ fine: isFine(findings), findings }, null, 2)}\n`;
}

/** Replaces control characters: messages contain server responses, which must not control the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD');
}
