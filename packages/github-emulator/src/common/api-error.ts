/** An error response of GitHub's REST API. Request handlers throw it, and the server's error handler sends it. */
export class ApiError extends Error {
  readonly status: number;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(status: number, message: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.extra = extra;
  }

  body(): Record<string, unknown> {
    return {
      message: this.message,
      ...this.extra,
      documentation_url: 'https://docs.github.com/rest',
      status: String(this.status),
    };
  }
}

export const notFound = (): ApiError => new ApiError(404, 'Not Found');
export const forbidden = (): ApiError => new ApiError(403, 'Resource not accessible by integration');
export const badCredentials = (): ApiError => new ApiError(401, 'Bad credentials');
export const invalid = (message: string, extra: Readonly<Record<string, unknown>> = {}): ApiError =>
  new ApiError(422, message, extra);

/** Returns GitHub's error for a body that violates the endpoint's schema. */
export const invalidRequest = (detail: string): ApiError => new ApiError(422, `Invalid request.\n\n${detail}`);

/** Returns GitHub's error for a token request that names a repository outside the installation. */
export function notAccessible(): ApiError {
  return invalid(
    'There is at least one repository that does not exist or is not accessible to the parent installation.',
  );
}
