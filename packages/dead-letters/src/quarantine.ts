import type { DeadLetterMessage } from './dead-letter.ts';

/** How often a dead letter is redriven before it is quarantined. */
export const maxRedrives = 3;

/** Returns whether only a command with `quarantined` redrives the dead letter: earlier redrives did not help. */
export function isQuarantined({ redrives }: Pick<DeadLetterMessage, 'redrives'>): boolean {
  return redrives >= maxRedrives;
}
