// States and scopes of API keys, in words.
import { requesterNamePattern } from '@dispatcher/contracts';
import type { State } from './states.ts';

interface KeyTimes {
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

const day = 86_400_000;
/** A key that expires within so many days needs a successor. */
export const soonDays = 14;

/** Returns the state of a key: revoked, expired, expiring within two weeks, or active. */
export function stateOfKey({ expiresAt, revokedAt }: KeyTimes, nowMs: number): State {
  if (revokedAt !== null) return { icon: 'stop', tone: 'quiet', word: 'Revoked' };
  if (expiresAt === null) return { icon: 'check', tone: 'success', word: 'Active' };
  const left = Date.parse(expiresAt) - nowMs;
  if (left <= 0) return { icon: 'clock', tone: 'quiet', word: 'Expired' };
  if (left <= soonDays * day) return { icon: 'warning', tone: 'attention', word: 'Expires soon' };
  return { icon: 'check', tone: 'success', word: 'Active' };
}

export const isUsable = (key: KeyTimes, nowMs: number): boolean =>
  key.revokedAt === null && (key.expiresAt === null || Date.parse(key.expiresAt) > nowMs);

const roles = {
  viewer: ['Viewer', 'May read everything.'],
  operator: ['Operator', 'May read and change everything.'],
  dispatch: ['Dispatch', 'May only start what is named below.'],
} as const;
export type KeyRole = keyof typeof roles;

export const keyRoles = Object.keys(roles) as KeyRole[];
export const titleOfRole = (role: KeyRole): string => roles[role][0];
export const textOfRole = (role: KeyRole): string => roles[role][1];

/** Usable keys first, then by name; the newest of a name first. */
export function sortKeys<Key extends KeyTimes & { readonly name: string; readonly createdAt: string }>(
  keys: readonly Key[],
  nowMs: number,
): readonly Key[] {
  const rank = (key: Key) => (isUsable(key, nowMs) ? 0 : 1);
  return keys.toSorted(
    (a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || b.createdAt.localeCompare(a.createdAt),
  );
}

const targetPattern = /^[\w-]{1,100}\/[\w.-]{1,100}(:[^\s:#/]{1,100}\.ya?ml|#[^\s#]{1,100})?$/;

/** Returns the targets that were written, one a line or separated by commas. */
export const parseTargets = (text: string): readonly string[] => [
  ...new Set(text.split(/[\s,]+/).filter((target) => target !== '')),
];

export interface KeyForm {
  readonly name: string;
  readonly role: KeyRole;
  readonly targets: string;
  readonly reason: string;
}

/** Returns what is wrong with each field of the form for a new key; empty if nothing is. */
export function problemsOfKey({ name, role, targets, reason }: KeyForm): Partial<Record<keyof KeyForm, string>> {
  const problems: Partial<Record<keyof KeyForm, string>> = {};
  if (!requesterNamePattern.test(name)) {
    problems.name = 'Write at most 64 lower-case letters and digits, with . _ - in between.';
  }
  if (role === 'dispatch') {
    const parsed = parseTargets(targets);
    const wrong = parsed.find((target) => !targetPattern.test(target));
    if (parsed.length === 0) problems.targets = 'Name what the key may start.';
    else if (parsed.length > 100) problems.targets = 'Name at most 100 targets.';
    else if (wrong !== undefined) {
      problems.targets = `“${wrong}” is not a target. Write owner/name, owner/name:workflow.yml or owner/name#event-type.`;
    }
  }
  if (reason.trim() === '') problems.reason = 'Write a reason: it is recorded in the audit log.';
  return problems;
}
