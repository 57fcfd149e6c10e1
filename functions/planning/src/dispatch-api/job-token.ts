import { createIssuerKeys } from '@dispatcher/lambda/oidc';
import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod/mini';

const id = z.string().check(z.regex(/^[1-9]\d{0,15}$/));
const text = z.string().check(z.minLength(1), z.maxLength(1024));

/** The claims of a token of GitHub Actions that identify a job. `sub` is not one of them: repositories customize it. */
const Claims = z.object({
  jti: text,
  repository: z.string().check(z.regex(/^[^/\s]+\/[^/\s]+$/)),
  repository_id: id,
  run_id: id,
  run_attempt: id,
  workflow_ref: text,
  ref: text,
  ref_type: z.string(),
  sha: text,
  event_name: text,
  environment: z.optional(text),
  // Older versions of GitHub Enterprise Server have none.
  check_run_id: z.optional(text),
});

/** What the verified token of a job says. */
export interface JobIdentity {
  /** Issuer and id of the token. */
  readonly issuer: string;
  readonly tokenId: string;
  readonly owner: string;
  readonly name: string;
  readonly repositoryId: number;
  readonly runId: number;
  readonly attempt: number;
  /** File name below `.github/workflows/` of the workflow that GitHub started; of a reusable workflow, its caller. */
  readonly workflow: string;
  /** Branch or tag; null for any other ref, such as that of a pull request. */
  readonly ref: { readonly name: string; readonly type: 'branch' | 'tag' } | null;
  readonly sha: string;
  readonly event: string;
  readonly environment: string | null;
  readonly checkRunId: string | null;
}

/** The result of a verification; `detail` says what is wrong with the token, and what to do. */
export type JobTokenResult = { readonly job: JobIdentity } | { readonly detail: string };

export interface JobTokenOptions {
  /** Compared exactly with `iss`. */
  readonly issuers: readonly string[];
  /** Compared exactly with `aud`. Null: no token is accepted. */
  readonly audience: string | null;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Minimum time between two fetches of the keys: a token with an invented key id would otherwise cause one each. */
  readonly cooldownMs?: number;
  readonly timeoutMs?: number;
}

/** Verifies the token of a job. @throws IssuerUnreachableError */
export type VerifyJobToken = (token: string) => Promise<JobTokenResult>;

const clockToleranceSeconds = 30;
const maxTokenLength = 16 * 1024;

const newToken = 'Request a new token, with `id-token: write` in the permissions of the job.';

/** Creates the verification of the OIDC tokens that GitHub Actions gives to jobs. */
export function createJobTokens(options: JobTokenOptions): VerifyJobToken {
  const { issuers, audience, now, cooldownMs = 30_000, timeoutMs = 3_000 } = options;
  const keys = new Map(issuers.map((issuer) => [issuer, createIssuerKeys(issuer, cooldownMs, timeoutMs)]));
  return async (token) => {
    if (audience === null) return { detail: 'Tokens of jobs are not accepted: the operator has to set PUBLIC_URL.' };
    const issuer = token.length > maxTokenLength ? null : issuerOf(token);
    if (issuer === null) return { detail: `The bearer token is not the OIDC token of a job. ${newToken}` };
    const keysOfIssuer = keys.get(issuer);
    if (keysOfIssuer === undefined) {
      return {
        detail: 'The issuer of the token is not accepted. The operator lists the accepted ones in OIDC_ISSUERS.',
      };
    }
    const verified = await verify(token, keysOfIssuer, { issuer, audience, currentDate: new Date(now()) });
    return 'detail' in verified ? verified : identityOf(issuer, verified.payload);
  };
}

/** Returns the issuer that an unverified token states. Only the keys of this one can verify it. */
function issuerOf(token: string): string | null {
  try {
    return decodeJwt(token).iss ?? null;
  } catch {
    return null;
  }
}

interface Expected {
  readonly issuer: string;
  readonly audience: string;
  readonly currentDate: Date;
}

async function verify(
  token: string,
  keys: JWTVerifyGetKey,
  expected: Expected,
): Promise<{ readonly payload: JWTPayload } | { readonly detail: string }> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      ...expected,
      algorithms: ['RS256'],
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp', 'iat', 'nbf'],
    });
    // A list of audiences would make the token one of another service, too.
    return payload.aud === expected.audience ? { payload } : { detail: wrongAudience(expected) };
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    return { detail: problemOf(error, expected) };
  }
}

function problemOf(error: errors.JOSEError, expected: Expected): string {
  if (error instanceof errors.JWTExpired) {
    return `The token has expired: GitHub’s tokens are valid for five minutes. ${newToken}`;
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return wrongAudience(expected);
    return `The claim \`${error.claim}\` of the token is missing or not valid now. ${newToken}`;
  }
  return `The signature of the token is not valid, or its issuer does not publish the key. ${newToken}`;
}

function wrongAudience({ audience }: Expected): string {
  return `The token is for another audience. Request one with the audience ${audience}.`;
}

function identityOf(issuer: string, payload: JWTPayload): JobTokenResult {
  const parsed = Claims.safeParse(payload);
  if (!parsed.success) return { detail: `The token does not describe the job of a workflow run. ${newToken}` };
  const claims = parsed.data;
  const { repository, workflow_ref: workflowRef } = claims;
  const workflow = workflowOf(repository, workflowRef);
  if (workflow === undefined) {
    return { detail: 'The workflow of the job is not a file in `.github/workflows` of its repository.' };
  }
  const [owner = '', name = ''] = repository.split('/');
  const job = {
    issuer,
    tokenId: claims.jti,
    owner,
    name,
    repositoryId: Number(claims.repository_id),
    runId: Number(claims.run_id),
    attempt: Number(claims.run_attempt),
    workflow,
    ref: refOf(claims),
    sha: claims.sha,
    event: claims.event_name,
    environment: claims.environment ?? null,
    checkRunId: claims.check_run_id ?? null,
  };
  return { job };
}

/**
 * Returns the file name of a workflow of the repository itself. An organization can require workflows of other ones. A file
 * may be called `ci.yml@other.yml`, which is not `ci.yml`: of what precedes an `@`, the longest is the name.
 */
function workflowOf(repository: string, workflowRef: string): string | undefined {
  const folder = `${repository}/.github/workflows/`;
  return workflowRef.startsWith(folder) ? /^([^/]+\.ya?ml)@/.exec(workflowRef.slice(folder.length))?.[1] : undefined;
}

function refOf({ ref, ref_type: type }: z.infer<typeof Claims>): JobIdentity['ref'] {
  if (type === 'branch' && ref.startsWith('refs/heads/')) return { name: ref.slice('refs/heads/'.length), type };
  return type === 'tag' && ref.startsWith('refs/tags/') ? { name: ref.slice('refs/tags/'.length), type } : null;
}
