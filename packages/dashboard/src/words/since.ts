const sizes: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

/**
 * Returns the time that a `since` of a URL means, as the API expects it: `24h` and `7d` count back from now, and an exact
 * time stays; undefined for anything else. Rounded down to the minute, so that the same page sends the same request.
 */
export function timeOfSince(since: string | undefined, nowMs: number): string | undefined {
  if (since === undefined) return undefined;
  const window = /^(\d{1,3})([hd])$/.exec(since);
  if (window !== null) {
    const start = nowMs - Number(window[1]) * sizes[window[2]!]!;
    return new Date(Math.floor(start / 60_000) * 60_000).toISOString();
  }
  const exact = Date.parse(since);
  return Number.isNaN(exact) ? undefined : new Date(exact).toISOString();
}
