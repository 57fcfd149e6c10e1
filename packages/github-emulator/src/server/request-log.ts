import { type Operation, operationOf } from '../faults/operations.ts';

/** One request that was received, even when no response was sent. */
export interface RequestEntry {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly at: string;
  /** The installation of the request's token; null for the App's JWT or no credential. */
  readonly installationId: number | null;
  /** Null while the request is in progress, and after the connection was reset. */
  status: number | null;
}

export interface RequestReport {
  readonly counts: Readonly<Record<string, number>>;
  readonly requests: readonly RequestEntry[];
}

const MAX_ENTRIES = 10_000;

/** Counts the requests by operation and keeps the last 10,000. Requests to the control API are not logged. */
export class RequestLog {
  #entries: RequestEntry[] = [];
  #counts: Record<string, number> = {};

  add(method: string, path: string, at: string, installationId: number | null): RequestEntry {
    const operation = operationOf(method, path.replace(/\?.*/, ''));
    const entry: RequestEntry = { method, path, operation, at, installationId, status: null };
    this.#entries.push(entry);
    if (this.#entries.length > MAX_ENTRIES) {
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
