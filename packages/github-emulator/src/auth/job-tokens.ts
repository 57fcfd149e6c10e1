import { randomBytes, randomUUID, type webcrypto } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { ApiError } from '../common/api-error.ts';
import type { Run } from '../state/entities.ts';
import type { StateStore } from '../state/state-store.ts';
import { jobClaims, type RunningJob } from './job-claims.ts';

/** The path of the issuer, as on GitHub Enterprise Server. */
export const issuerPath = '/_services/token';
/** Where runners request the tokens of their jobs. */
export const tokenRequestPath = '/_services/pipelines/idtoken';

const VALIDITY_SECONDS = 300;
const NOT_BEFORE_SECONDS = 600;

interface IssuerKey {
  readonly kid: string;
  readonly privateKey: webcrypto.CryptoKey;
  readonly publicJwk: JWK;
}

/**
 * Issues the OIDC tokens of jobs. Keys and running jobs are kept in memory: after a restart the issuer has another key, as
 * after a rotation.
 */
export class JobTokens {
  /** The key that signs, then those that are still published. */
  #keys: Promise<readonly IssuerKey[]> | null = null;
  readonly #jobs = new Map<string, RunningJob>();

  /** Lets a job request tokens. Returns the variables with which its runner does. */
  admit(base: string, job: RunningJob): Readonly<Record<string, string>> {
    const token = randomBytes(30).toString('base64url');
    this.#jobs.set(token, job);
    return {
      // A job appends `&audience=…`.
      ACTIONS_ID_TOKEN_REQUEST_URL: `${base}${tokenRequestPath}?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
    };
  }

  /**
   * Returns a token of the job that this request token belongs to.
   * @throws ApiError 401 if there is none, or if the job has ended
   */
  async issue(
    store: StateStore,
    base: string,
    { requestToken, audience }: { readonly requestToken: string | null; readonly audience: string | undefined },
  ): Promise<string> {
    const job = this.#jobs.get(requestToken ?? '');
    const run = store.state.runs.find(({ id }) => id === job?.runId);
    if (job === undefined || run === undefined || !isRunning(run, job)) {
      throw new ApiError(401, 'The token of the request is unknown, or its job has ended.');
    }
    const claims = jobClaims(store, run, job);
    const [key] = await this.#published();
    if (key === undefined) throw new ApiError(500, 'The issuer has no key.');
    const seconds = Math.floor(store.now() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
      .setIssuer(`${base}${issuerPath}`)
      .setAudience(audience ?? `${base}/${claims['repository_owner'] ?? ''}`)
      .setJti(randomUUID())
      .setIssuedAt(seconds)
      .setNotBefore(seconds - NOT_BEFORE_SECONDS)
      .setExpirationTime(seconds + VALIDITY_SECONDS)
      .sign(key.privateKey);
  }

  /** Returns the public keys as JWKS. */
  async keySet(): Promise<{ readonly keys: readonly JWK[] }> {
    return { keys: (await this.#published()).map(({ publicJwk }) => publicJwk) };
  }

  /** Signs with a new key from now on. @param keepOld whether the earlier keys stay published */
  async rotate(keepOld: boolean): Promise<void> {
    const earlier = keepOld ? await this.#published() : [];
    this.#keys = generateKey().then((key) => [key, ...earlier]);
    await this.#keys;
  }

  #published(): Promise<readonly IssuerKey[]> {
    this.#keys ??= generateKey().then((key) => [key]);
    return this.#keys;
  }
}

function isRunning({ status, attempt }: Run, job: RunningJob): boolean {
  return status !== 'completed' && attempt === job.attempt;
}

async function generateKey(): Promise<IssuerKey> {
  const kid = randomUUID();
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}
