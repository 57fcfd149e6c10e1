import { timestamp } from '../state/state-store.ts';

export type Resource = 'core' | 'graphql';

interface Window {
  used: number;
  resetAt: number;
}

const WINDOW_MS = 3_600_000;

export interface RateLimitStatus {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  readonly resetAt: string;
}

export interface RateLimitResult {
  readonly allowed: boolean;
  readonly status: RateLimitStatus;
  readonly headers: Readonly<Record<string, string>>;
}

/** The primary rate limit: requests per hour of each caller and resource, by the emulator's clock. */
export class RateLimits {
  readonly #windows = new Map<string, Window>();
  readonly #now: () => number;
  limit: number;

  constructor(limit: number, now: () => number) {
    this.limit = limit;
    this.#now = now;
  }

  /** Counts one request. A request over the limit is refused and not counted. */
  countRequest(caller: string, resource: Resource): RateLimitResult {
    const window = this.#window(`${caller}/${resource}`);
    const allowed = window.used < this.limit;
    window.used += allowed ? 1 : 0;
    const remaining = Math.max(0, this.limit - window.used);
    return {
      allowed,
      status: { limit: this.limit, used: window.used, remaining, resetAt: timestamp(window.resetAt) },
      headers: {
        'x-ratelimit-limit': String(this.limit),
        'x-ratelimit-used': String(window.used),
        'x-ratelimit-remaining': String(remaining),
        'x-ratelimit-reset': String(Math.ceil(window.resetAt / 1000)),
        'x-ratelimit-resource': resource,
      },
    };
  }

  #window(key: string): Window {
    const known = this.#windows.get(key);
    if (known !== undefined && known.resetAt > this.#now()) {
      return known;
    }
    const fresh = { used: 0, resetAt: Math.floor(this.#now() / 1000) * 1000 + WINDOW_MS };
    this.#windows.set(key, fresh);
    return fresh;
  }
}
