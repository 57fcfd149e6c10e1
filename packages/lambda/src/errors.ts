/** Not now, and not this message's fault: it goes back to the queue and the attempt is not counted. */
export class DeferError extends Error {
  override readonly name = 'DeferError';
  readonly afterMs: number;
  constructor(message: string, afterMs: number, options?: ErrorOptions) {
    super(message, options);
    this.afterMs = afterMs;
  }
}

/** It will never succeed: to the dead letters at once, with this message as the reason. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}
