/**
 * What one look found. `note`: as it should be, or the operator's own choice, but worth knowing. `skipped`: it could
 * not be looked at, because of a problem that stands before it.
 */
export type Status = 'ok' | 'note' | 'problem' | 'skipped';

export interface Finding {
  /** What was looked at: stable, for scripts. */
  readonly check: string;
  readonly status: Status;
  readonly message: string;
  /** What to do next; with every problem. */
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

export function skipped(check: string, because: string): Finding {
  return { check, status: 'skipped', message: `not looked at: ${because}` };
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
  const sum = problems === 0 ? 'Everything is as it should be.' : `${problems} problem${problems === 1 ? '' : 's'}.`;
  return `${lines.join('\n')}\n\n${sum}\n`;
}

export function findingsAsJson(findings: readonly Finding[]): string {
  return `${JSON.stringify({ fine: isFine(findings), findings }, null, 2)}\n`;
}

/** Answers of a server go to the terminal: a control character in them must not. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD');
}
