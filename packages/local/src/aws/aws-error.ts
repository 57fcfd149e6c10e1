/** An error response that an AWS client throws. `type` is the exception's name in the SDK. */
export class AwsError extends Error {
  readonly type: string;
  /** Further members of the response, for example `CancellationReasons`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(type: string, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = type;
    this.type = type;
    this.members = members;
  }
}
