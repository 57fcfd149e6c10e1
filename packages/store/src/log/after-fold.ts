import type { Fact } from '@dispatcher/contracts';
import type { FactWriter } from '../facts/fact-writer.ts';

/**
 * Writes what depends on a fact and is not folded from it. Called with the facts of every slice, those included that the roll-up had to
 * store because their writer crashed. It is called again for the same facts after a crash, and by two roll-ups at once, so
 * it must be idempotent. The cursor moves after it.
 */
export type AfterFold = (writer: FactWriter, facts: readonly Fact[]) => Promise<void>;
