import type { Level } from './entities.ts';

const LEVELS: readonly Level[] = ['read', 'write', 'admin'];

/** Returns whether the granted level includes the wanted one. */
export function includesLevel(granted: Level | undefined, wanted: Level): boolean {
  return granted !== undefined && LEVELS.indexOf(granted) >= LEVELS.indexOf(wanted);
}
