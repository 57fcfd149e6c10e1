import { type Operation, operationOf } from './faults.ts';

/** One request that reached the socket, also where the answer never left. */
export interface RequestEntry {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly at: string;
  /** Whose token it carried; null for the App's own JWT or none. */
  readonly installationId: number | null;
  /** Null while it is under way, and for good where the connection was reset. */
  status: number | null;
}

export interface RequestReport {
  readonly counts: Readonly<Record<string, number>>;
  readonly requests: readonly RequestEntry[];
}

const KEPT = 10_000;

/** Counts every request by operation and keeps the last 10,000. The control API's own are not among them. */
export class RequestLog {
  #entries: RequestEntry[] = [];
  #counts: Record<string, number> = {};

  add(method: string, path: string, at: string, installationId: number | null): RequestEntry {
    const operation = operationOf(method, path.replace(/\?.*/, ''));
    const entry: RequestEntry = { method, path, operation, at, installationId, status: null };
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) {
      this.#entries.shift();
    }
    this.#counts[operation] = (this.#counts[operation] ?? 0) + 1;
    return entry;
  }

  report(): RequestReport {
    return { counts: { ...this.#counts }, requests: [...this.#entries] };
  }

  clear(): void {
    this.#entries = [];
    this.#counts = {};
  }
}
