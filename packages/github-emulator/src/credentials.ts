import { createPublicKey, randomBytes } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { badCredentials, forbidden, GitHubError, invalid, notAccessible, notFound } from './errors.ts';
import type { Installation, Level, Permissions, Repository, Token } from './state.ts';
import { covers, same, type World } from './world.ts';

/** Who makes a request: the App itself (JWT), one of its installations (token), or nobody known. */
export type Caller =
  | { readonly kind: 'app' }
  | { readonly kind: 'installation'; readonly installation: Installation; readonly token: Token }
  | { readonly kind: 'anonymous' };

export type TokenShape = 'long' | 'short';

const LEVELS: readonly Level[] = ['read', 'write', 'admin'];
const TOKEN_LIFE_MS = 3_600_000;
const JWT_LIFE_S = 600;
const CLOCK_SKEW_S = 60;

/** The credential of an `Authorization` header, whatever the scheme (`bearer` and `token` are both in use). */
export function credentialOf(header: string | undefined): string | null {
  return header?.match(/^(?:bearer|token)\s+(\S+)$/i)?.[1] ?? null;
}

/** Throws 401 for a credential that is expired, revoked, unknown or wrongly made. */
export async function authenticate(
  world: World,
  usedJwts: UsedJwts | null,
  credential: string | null,
): Promise<Caller> {
  if (credential === null) {
    return { kind: 'anonymous' };
  }
  if (credential.startsWith('ghs_')) {
    return installationCaller(world, credential);
  }
  if (credential.split('.').length !== 3) {
    throw badCredentials();
  }
  await verifyJwt(world, credential);
  usedJwts?.use(credential, world.now());
  return { kind: 'app' };
}

/**
 * Refuses a JWT that was seen before. GitHub has been seen to refuse two equal JWTs minted in one second; the rule here
 * is stricter (any second use), so that a client without a `jti` of its own fails every time instead of now and then.
 */
export class UsedJwts {
  readonly #seen = new Map<string, number>();

  use(jwt: string, now: number): void {
    if (this.#seen.has(jwt)) {
      throw new GitHubError(
        401,
        "A JSON web token could not be decoded: it was used before. Give each a 'jti' of its own.",
      );
    }
    for (const [old, at] of this.#seen) {
      if (now - at > JWT_LIFE_S * 1000) {
        this.#seen.delete(old);
      }
    }
    this.#seen.set(jwt, now);
  }
}

function installationCaller(world: World, credential: string): Caller {
  const token = world.state.tokens[credential];
  const installation = token === undefined ? undefined : world.installation(token.installationId);
  if (token === undefined || installation === undefined || token.expiresAt <= world.now()) {
    throw badCredentials();
  }
  if (installation.suspendedAt !== null) {
    throw new GitHubError(403, 'This installation has been suspended');
  }
  return { kind: 'installation', installation, token };
}

async function verifyJwt(world: World, jwt: string): Promise<void> {
  const { app } = world.state;
  const now = Math.floor(world.now() / 1000);
  const { iat, exp, iss } = await verifiedClaims(jwt, app.publicKey, world.now());
  if (typeof iat !== 'number' || iat > now + CLOCK_SKEW_S) {
    throw new GitHubError(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  if (typeof exp !== 'number') {
    throw expired();
  }
  if (exp > now + JWT_LIFE_S || exp - iat > JWT_LIFE_S + CLOCK_SKEW_S) {
    throw new GitHubError(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  if (String(iss) !== String(app.id) && iss !== app.clientId) {
    throw new GitHubError(404, 'Integration not found');
  }
}

async function verifiedClaims(
  jwt: string,
  publicKey: string,
  now: number,
): Promise<{ readonly iat?: unknown; readonly exp?: unknown; readonly iss?: unknown }> {
  try {
    if (decodeProtectedHeader(jwt).alg !== 'RS256') {
      throw new Error('GitHub takes RS256 only.');
    }
    const { payload } = await jwtVerify(jwt, createPublicKey(publicKey), {
      algorithms: ['RS256'],
      currentDate: new Date(now),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      throw expired();
    }
    throw new GitHubError(401, 'A JSON web token could not be decoded');
  }
}

const expired = (): GitHubError =>
  new GitHubError(
    401,
    "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
  );

export interface TokenRequest {
  readonly repositories?: readonly string[];
  readonly repository_ids?: readonly number[];
  readonly permissions?: Readonly<Record<string, Level>>;
}

/** Mints an installation token. One repository outside the installation refuses the whole request with 422. */
export function mintToken(
  world: World,
  installation: Installation,
  request: TokenRequest,
  shape: TokenShape,
): { readonly value: string; readonly token: Token; readonly repositories: readonly Repository[] | null } {
  if (installation.suspendedAt !== null) {
    throw new GitHubError(403, 'This installation has been suspended');
  }
  const repositories = requestedRepositories(world, installation, request);
  const token: Token = {
    installationId: installation.id,
    repositoryIds: repositories?.map(({ id }) => id) ?? null,
    permissions: requestedPermissions(installation, request.permissions),
    expiresAt: Math.floor(world.now() / 1000) * 1000 + TOKEN_LIFE_MS,
  };
  dropExpired(world);
  const value = tokenValue(shape);
  world.state.tokens[value] = token;
  return { value, token, repositories };
}

function requestedRepositories(world: World, installation: Installation, request: TokenRequest): Repository[] | null {
  if (request.repositories === undefined && request.repository_ids === undefined) {
    return null;
  }
  const found = [
    ...(request.repositories ?? []).map((name) => world.repository(installation.account, name)),
    ...(request.repository_ids ?? []).map((id) => world.repositoryById(id)),
  ];
  return found.map((repository) => {
    if (repository === undefined || !covers(installation, repository)) {
      throw notAccessible();
    }
    return repository;
  });
}

function requestedPermissions(installation: Installation, requested: TokenRequest['permissions']): Permissions {
  if (requested === undefined) {
    return { metadata: 'read', ...installation.permissions };
  }
  for (const [name, level] of Object.entries(requested)) {
    if (!includesLevel(installation.permissions[name], level)) {
      throw invalid('The permissions requested are not granted to this installation.');
    }
  }
  // Metadata comes with every token that may do anything else.
  return { metadata: 'read', ...requested };
}

function dropExpired(world: World): void {
  for (const [value, token] of Object.entries(world.state.tokens)) {
    if (token.expiresAt <= world.now()) {
      delete world.state.tokens[value];
    }
  }
}

/** The long shape (about 520 characters, with dots) came in 2026; the short one is still met on GHES. */
function tokenValue(shape: TokenShape): string {
  if (shape === 'short') {
    return `ghs_${randomBytes(18).toString('hex')}`;
  }
  return `ghs_${[60, 240, 86].map((bytes) => randomBytes(bytes).toString('base64url')).join('.')}`;
}

/** Throws 401 or 403 unless the caller is the App itself. */
export function requireApp(caller: Caller): void {
  if (caller.kind !== 'app') {
    throw new GitHubError(401, 'A JSON web token could not be decoded');
  }
}

export function reads(caller: Caller, repository: Repository): boolean {
  return repository.visibility === 'public' || reaches(caller, repository);
}

/** Whether the token covers this repository: being public does not count. */
export function reaches(caller: Caller, repository: Repository): boolean {
  return (
    caller.kind === 'installation' &&
    covers(caller.installation, repository) &&
    (caller.token.repositoryIds?.includes(repository.id) ?? true)
  );
}

export function hasPermission(caller: Caller, name: string, level: Level): boolean {
  return caller.kind === 'installation' && includesLevel(caller.token.permissions[name], level);
}

/** The repository of a REST path. 404 where it is hidden from the caller, as where there is none. */
export function visibleRepository(world: World, caller: Caller, owner: string, name: string): Repository {
  if (caller.kind === 'anonymous') {
    throw new GitHubError(401, 'Requires authentication');
  }
  if (caller.kind === 'app') {
    throw badCredentials();
  }
  const repository = world.repository(owner, name);
  if (repository === undefined || !reads(caller, repository)) {
    throw notFound();
  }
  return repository;
}

/**
 * Reading a public repository needs no permission; everything else needs the token to cover it with that permission.
 */
export function requirePermission(caller: Caller, repository: Repository, name: string, level: Level): void {
  if (level === 'read' && repository.visibility === 'public') {
    return;
  }
  if (!reaches(caller, repository) || !hasPermission(caller, name, level)) {
    throw forbidden();
  }
}

export function installationOfAccount(world: World, login: string): Installation {
  const found = world.state.installations.find((installation) => same(installation.account, login));
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

function includesLevel(granted: Level | undefined, wanted: Level): boolean {
  return granted !== undefined && LEVELS.indexOf(granted) >= LEVELS.indexOf(wanted);
}
