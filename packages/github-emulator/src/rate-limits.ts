import type { RateLimitReading } from './graphql.ts';
import { timestamp } from './world.ts';

export type Resource = 'core' | 'graphql';

interface Window {
  used: number;
  resetAt: number;
}

const WINDOW_MS = 3_600_000;

export interface Taken {
  readonly allowed: boolean;
  readonly reading: RateLimitReading;
  readonly headers: Readonly<Record<string, string>>;
}

/** The primary limit: so many requests an hour for each caller and resource, by the emulator's clock. */
export class RateLimits {
  readonly #windows = new Map<string, Window>();
  readonly #now: () => number;
  limit: number;

  constructor(limit: number, now: () => number) {
    this.limit = limit;
    this.#now = now;
  }

  /** Counts one request. One over the limit is refused, and not counted. */
  take(caller: string, resource: Resource): Taken {
    const window = this.#window(`${caller}/${resource}`);
    const allowed = window.used < this.limit;
    window.used += allowed ? 1 : 0;
    const remaining = Math.max(0, this.limit - window.used);
    return {
      allowed,
      reading: { limit: this.limit, used: window.used, remaining, resetAt: timestamp(window.resetAt) },
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
