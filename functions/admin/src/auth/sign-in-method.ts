import type { Session } from '@dispatcher/store';

/** A person as the provider knows them at the time of the sign-in. */
export type SignedInPerson = Pick<Session, 'kind' | 'account' | 'name' | 'role' | 'repositories'>;

/** What is kept in the browser, in a cookie, while it is at the provider. */
export interface PendingSignIn {
  /** Returned by the provider: proves that the response belongs to this browser's request. */
  readonly state: string;
  /** Proves to the provider that the code is exchanged by who requested it (PKCE). */
  readonly verifier: string;
  /** For OpenID Connect: is repeated in the ID token. */
  readonly nonce?: string;
}

export interface RedirectProvider {
  /** For the button: `GitHub`. */
  readonly label: string;
  /**
   * Returns the address that asks the person to sign in.
   * @param redirectUri where the provider sends the browser back
   * @param choosesAccount whether the provider is to ask with which account, although one is signed in there
   */
  begin(
    redirectUri: string,
    choosesAccount: boolean,
  ): Promise<{ readonly url: string; readonly pending: PendingSignIn }>;
  /**
   * Exchanges the code of the provider's response for the person.
   * @param callbackUrl the address to which the provider sent the browser, with its query
   * @throws SignInRefusedError
   * @throws ProblemError 503 if the provider does not respond
   */
  complete(callbackUrl: URL, pending: PendingSignIn): Promise<SignedInPerson>;
}

/** How people sign in with a browser. */
export type SignInMethod =
  | { readonly kind: 'none' }
  /** `check` returns null if user or password is wrong. */
  | { readonly kind: 'password'; check(user: string, password: string): Promise<SignedInPerson | null> }
  | { readonly kind: 'redirect'; readonly provider: RedirectProvider };

/** The provider did not confirm the person, or the person has no role here. The message is shown to the person. */
export class SignInRefusedError extends Error {
  override readonly name = 'SignInRefusedError';
  readonly status: 400 | 403;
  /** Whether the provider knows the person, who has no role: with another account they may have one. */
  readonly hasNoRole: boolean;
  constructor(status: 400 | 403, message: string, options: ErrorOptions & { readonly hasNoRole?: boolean } = {}) {
    super(message, options);
    this.status = status;
    this.hasNoRole = options.hasNoRole ?? false;
  }
}
