/** An answer that an AWS client throws: `type` is the exception's name as the SDK knows it. */
export class AwsError extends Error {
  readonly type: string;
  /** Further members of the answer, for example `CancellationReasons`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(type: string, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = type;
    this.type = type;
    this.members = members;
  }
}
