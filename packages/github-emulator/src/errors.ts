/** An answer of GitHub's REST API that is no success: thrown by handlers, written by the server. */
export class GitHubError extends Error {
  readonly status: number;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(status: number, message: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'GitHubError';
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

export const notFound = (): GitHubError => new GitHubError(404, 'Not Found');
export const forbidden = (): GitHubError => new GitHubError(403, 'Resource not accessible by integration');
export const badCredentials = (): GitHubError => new GitHubError(401, 'Bad credentials');
export const invalid = (message: string, extra: Readonly<Record<string, unknown>> = {}): GitHubError =>
  new GitHubError(422, message, extra);

/** GitHub's form for a body that breaks the endpoint's schema. */
export const invalidRequest = (detail: string): GitHubError => new GitHubError(422, `Invalid request.\n\n${detail}`);

/** Of a token that is asked for a repository outside the installation. */
export function notAccessible(): GitHubError {
  return invalid(
    'There is at least one repository that does not exist or is not accessible to the parent installation.',
  );
}
