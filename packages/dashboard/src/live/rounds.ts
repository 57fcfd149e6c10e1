/** How the requests of a stream went. Each response ends at once, so a round is one request. */
export interface Rounds {
  readonly isOpen: boolean;
  /** Requests in a row that failed. */
  readonly missed: number;
  /** When the last one succeeded, in milliseconds since the epoch. */
  readonly lastAtMs: number;
}

/** One failed request can be a network that changes; three are an outage. */
const maxMissed = 3;

export const firstRound = (nowMs: number): Rounds => ({ isOpen: false, missed: 0, lastAtMs: nowMs });

/** Returns the rounds after a response has begun. */
export const afterOpen = (_rounds: Rounds, nowMs: number): Rounds => ({ isOpen: true, missed: 0, lastAtMs: nowMs });

/** Returns the rounds after an `error`, which an `EventSource` has at the end of each response, too. */
export const afterError = (rounds: Rounds): Rounds =>
  rounds.isOpen ? { ...rounds, isOpen: false } : { ...rounds, missed: rounds.missed + 1 };

/** Returns since when the page may be out of date; null if it is current. */
export const staleSinceOf = ({ missed, lastAtMs }: Rounds): number | null => (missed < maxMissed ? null : lastAtMs);
