/** A shortcut in words: `/`, `?`, `g r` (one key after the other), `mod+k` (Ctrl, on a Mac Command). */
export type Keys = string;

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** How long after the first key of a sequence the second one counts. */
export const maxSequenceMs = 1_500;

/** Returns the word of a key press: `k`, `?`, `mod+k`; null for other combinations, which belong to the browser. */
export function wordOf({ key, ctrlKey, metaKey, altKey }: KeyPress): string | null {
  if (altKey || key.length !== 1) return null;
  const name = key.toLowerCase();
  return ctrlKey || metaKey ? `mod+${name}` : name;
}

/** Returns the shortcut that a key completes after the previous one, if any, and else what to remember of it. */
export function matchKeys(
  shortcuts: readonly Keys[],
  previous: string | null,
  word: string,
): { readonly matched: Keys | null; readonly pending: string | null } {
  const sequence = previous === null ? null : `${previous} ${word}`;
  const matched = shortcuts.find((keys) => keys === sequence) ?? shortcuts.find((keys) => keys === word) ?? null;
  if (matched !== null) return { matched, pending: null };
  return { matched: null, pending: shortcuts.some((keys) => keys.startsWith(`${word} `)) ? word : null };
}
