import { KeyRole, OperatorReason, requesterNamePattern } from '@dispatcher/contracts';
import {
  type ChangeKeyDependencies,
  createKey,
  KeyRefusedError,
  PartialKeyChangeError,
  ProblemError,
  revokeKey,
} from '@dispatcher/lambda';
import { type ApiKeyRecord, type ApiKeys, KeyNameContendedError } from '@dispatcher/store';
import * as z from 'zod';
import { actionOf, noticeIn } from '../http/operator-action.ts';
import { ListQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';

export interface KeyDependencies extends Pick<ChangeKeyDependencies, 'bus'> {
  readonly keys: ApiKeys;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const iso = (time: number): string => new Date(time).toISOString();

const time = z.iso.datetime();
const keyId = z.string().regex(/^[0-9a-f]{16}$/, 'write the 16 hex digits of a key id; GET /api/keys lists them');
const target = z
  .string()
  .regex(
    /^[\w-]{1,100}\/[\w.-]{1,100}(:[^\s:#/]{1,100}\.ya?ml|#[^\s#]{1,100})?$/,
    'write owner/name, owner/name:workflow.yml or owner/name#event-type',
  );

/** An API key without its secret. */
export const ApiKey = z.object({
  /** 16 hex digits; not secret. */
  keyId: z.string(),
  /** During a rotation two keys share a name. */
  name: z.string(),
  role: KeyRole,
  /** What a `dispatch` key may start; empty for other roles. */
  targets: z.array(z.string()),
  createdAt: time,
  createdBy: z.string(),
  expiresAt: time.nullable(),
  revokedAt: time.nullable(),
  /** The last use, to the hour; null if the key was never used. */
  lastUsedAt: time.nullable(),
});

export const ApiKeysResponse = z.object({ keys: z.array(ApiKey).readonly(), cursor: z.string().nullable() });

export const CreateKeyRequest = z
  .strictObject({
    name: z
      .string()
      .regex(requesterNamePattern, 'write at most 64 lower-case letters and digits, with . _ - in between'),
    role: KeyRole,
    /** For the role `dispatch`: what the key may start. */
    targets: z.array(target).max(100).default([]),
    /** The number of days until the key expires. */
    expiresInDays: z.int().min(1).max(3650).default(365),
    /** Creates a second key with the name and role of an active one. */
    rotate: z.boolean().default(false),
    /** The operator's reason, recorded; secrets in it are not. */
    reason: OperatorReason,
  })
  .refine(({ role, targets }) => (role === 'dispatch') === targets.length > 0, {
    error: 'name targets for the role `dispatch`, and for no other role',
    path: ['targets'],
  });

/** The only response with the key itself: Dispatcher stores a digest. */
export const CreatedKeyResponse = z.object({
  actionId: z.string(),
  key: ApiKey,
  /** Send it as `x-api-key`. It is shown once. */
  secret: z.string(),
  /** What to do about a secret in the reason, which was redacted. */
  notice: z.string().optional(),
});

export const RevokeKeyRequest = z.strictObject({ reason: OperatorReason });

export const RevokedKeyResponse = z.object({ actionId: z.string(), key: ApiKey, notice: z.string().optional() });

/** Adds the changes and the list of API keys, which the command `dispatcher keys` offers, too. */
export function addKeyRoutes(api: Api, deps: KeyDependencies): void {
  const list = {
    summary: 'Lists the API keys by id, including revoked and expired ones, without their secrets.',
    querystring: ListQuery,
    response: { 200: ApiKeysResponse },
  };
  api.get('/keys', { schema: list }, async ({ query }) => {
    const { items, cursor } = await deps.keys.list(query);
    return { keys: items.map(withoutSecret), cursor };
  });

  const create = {
    summary:
      'Creates an API key. The response is the only one with its secret; a repeat with the same `Idempotency-Key` is refused.',
    body: CreateKeyRequest,
    response: { 201: CreatedKeyResponse },
    problems: {
      409: 'An active key has this name, a key of this name was created at the same time, or this `Idempotency-Key` was used before.',
      503: 'The change is incomplete; the detail says what was done.',
    },
  };
  api.post('/keys', { config: { secretResponse: true }, schema: create }, async (request, reply) => {
    const { name, role, targets, expiresInDays, rotate } = request.body;
    const now = deps.now();
    const expiresAt = iso(now + expiresInDays * 86_400_000);
    const action = { ...actionOf(request, 'key-created'), at: iso(now) };
    const { record, text } = await orProblem(409, () =>
      createKey(deps, { name, role, targets, expiresAt }, rotate, action),
    );
    reply.code(201);
    return { actionId: action.actionId, key: withoutSecret(record), secret: text, ...noticeIn(action.reason) };
  });

  const revoke = {
    summary: 'Revokes an API key. It can no longer start or change anything; it may read for up to another minute.',
    params: z.object({ keyId: keyId.describe('16 hex digits.') }),
    body: RevokeKeyRequest,
    response: { 200: RevokedKeyResponse },
    problems: {
      404: 'The key does not exist.',
      503: 'The key was revoked, and the change was not recorded. Repeat it.',
    },
  };
  api.post('/keys/:keyId/revoke', { schema: revoke }, async (request, reply) => {
    const action = { ...actionOf(request, 'key-revoked'), at: iso(deps.now()) };
    const record = await orProblem(404, () => revokeKey(deps, request.params.keyId, action));
    reply.code(200);
    return { actionId: action.actionId, key: withoutSecret(record), ...noticeIn(action.reason) };
  });
}

async function orProblem<Result>(status: number, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof KeyRefusedError) throw new ProblemError(status, error.message);
    if (error instanceof PartialKeyChangeError) {
      throw new ProblemError(error.cause instanceof KeyNameContendedError ? 409 : 503, error.message);
    }
    throw error;
  }
}

function withoutSecret(record: Readonly<Omit<ApiKeyRecord, 'targets'>> & { readonly targets: string[] }) {
  const { keyId, name, role, targets, createdAt, createdBy, expiresAt, revokedAt, lastUsedAt = null } = record;
  return { keyId, name, role, targets, createdAt, createdBy, expiresAt, revokedAt, lastUsedAt };
}
