/** What made a request: exactly one of them is set. */
export interface Requester {
  readonly key: string | null;
  readonly schedule: string | null;
  readonly webhook: string | null;
}

/** Returns the name of what made a request: `API key nightly`, `schedule nightly` or `webhook ecr`. */
export function nameOfRequester({ key, schedule, webhook }: Requester): string {
  if (key !== null) return `API key ${key}`;
  return schedule === null ? `webhook ${webhook ?? ''}` : `schedule ${schedule}`;
}
