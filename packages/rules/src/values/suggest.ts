/** Returns the candidate most similar to `written`, if they are similar enough for a typing error. */
export function suggest(written: string, candidates: readonly string[]): string | undefined {
  const plain = simplify(written);
  if (plain.length > 40) return undefined;
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(plain, simplify(candidate));
    const allowed = Math.min(plain.length, candidate.length) <= 4 ? 1 : 2;
    if (distance <= allowed && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** Makes `eventType`, `event_type` and `Event-Type` equal. */
function simplify(word: string): string {
  return word.replaceAll(/[-_ ]/g, '').toLowerCase();
}

/** Returns the Levenshtein distance; two swapped neighbouring characters count as one edit. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
