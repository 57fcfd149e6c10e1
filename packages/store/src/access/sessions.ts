import { DateTime } from '@dispatcher/contracts';
import { createHash, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { queryEach } from '../pages.ts';
import type { AccessTable } from './access-table.ts';

/** A person's sign-in. */
export const Session = z.object({
  /** How the person signed in. */
  kind: z.enum(['basic', 'github', 'oidc']),
  /** Never changes for one person: the numeric user id at GitHub, `sub` of OpenID Connect, the user name of `basic`. */
  account: z.string(),
  /** The name that facts record. */
  name: z.string(),
  role: z.enum(['viewer', 'operator']),
  signedInAt: DateTime,
  /** The session ends then, however often it is used. */
  endsAt: DateTime,
  /** When the role was last read from the provider. */
  roleReadAt: DateTime,
  /** The repositories that the person may see, in lower case; absent: all. */
  repositories: z.optional(z.array(z.string())),
});
export type Session = z.infer<typeof Session>;

/** Identifies the sessions of one person. */
export type SessionOwner = Pick<Session, 'kind' | 'account'>;

export interface Sessions {
  /** Stores a session and returns its id, which only the browser keeps: the table has its hash. */
  create(session: Session): Promise<string>;
  /** Returns null for an id that is malformed, unknown or ended, also if DynamoDB has not deleted its item yet. */
  getSession(id: string): Promise<Session | null>;
  /** Stores the role and name as read from the provider. Does nothing if the session was ended in the meantime. */
  putRole(id: string, change: Pick<Session, 'role' | 'name' | 'roleReadAt'>): Promise<void>;
  end(id: string): Promise<void>;
  /** Ends every session of a person and returns their number. */
  endAllOf(owner: SessionOwner): Promise<number>;
}

/** The owner's hash is the partition, so that all sessions of a person can be found; the secret is the rest of the id. */
interface SessionId {
  readonly ownerHash: string;
  readonly secret: string;
}

const idPattern = /^([0-9a-f]{32})\.([A-Za-z0-9_-]{43})$/;

export function createSessions({ client, name: TableName, now }: AccessTable): Sessions {
  return {
    create: async (session) => {
      const secret = randomBytes(32).toString('base64url');
      const ownerHash = hashOf(session);
      const expiresAt = Math.ceil(Date.parse(session.endsAt) / 1000);
      const { repositories, ...rest } = z.parse(Session, session);
      const seen = repositories === undefined ? {} : { repositories: encodeNames(repositories) };
      const Item = { ...keyOf({ ownerHash, secret }), session: rest, ...seen, expiresAt };
      await client.send(new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' }));
      return `${ownerHash}.${secret}`;
    },
    getSession: async (id) => {
      const parsed = parseId(id);
      if (parsed === null) return null;
      const get = new GetCommand({ TableName, Key: keyOf(parsed), ConsistentRead: true });
      const { Item: item } = await client.send(get);
      const session = item === undefined ? null : parseSession(item);
      return session !== null && now() < Date.parse(session.endsAt) ? session : null;
    },
    putRole: async (id, { role, name, roleReadAt }) => {
      const parsed = parseId(id);
      if (parsed === null) return;
      const update = new UpdateCommand({
        TableName,
        Key: keyOf(parsed),
        UpdateExpression: 'SET #session.#role = :role, #session.#name = :name, #session.roleReadAt = :at',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#session': 'session', '#role': 'role', '#name': 'name' },
        ExpressionAttributeValues: { ':role': role, ':name': name, ':at': roleReadAt },
      });
      await tryConditionalWrite(client.send(update));
    },
    end: async (id) => {
      const parsed = parseId(id);
      if (parsed !== null) await client.send(new DeleteCommand({ TableName, Key: keyOf(parsed) }));
    },
    endAllOf: async (owner) => {
      const pk = partitionOf(hashOf(owner));
      const items = queryEach(client, {
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ProjectionExpression: 'pk, sk',
        ConsistentRead: true,
      });
      let ended = 0;
      for await (const { sk } of items) {
        await client.send(new DeleteCommand({ TableName, Key: { pk, sk } }));
        ended += 1;
      }
      return ended;
    },
  };
}

// Names of repositories repeat their owner, and a person may see thousands.
const encodeNames = (names: readonly string[]): Uint8Array => deflateRawSync(names.toSorted().join('\n'), { level: 9 });

function parseSession({ session, repositories }: Readonly<Record<string, unknown>>): Session {
  const known = z.parse(Session, session);
  if (repositories === undefined) return known;
  const text = inflateRawSync(z.parse(z.instanceof(Uint8Array), repositories)).toString();
  return { ...known, repositories: text === '' ? [] : text.split('\n') };
}

function parseId(id: string): SessionId | null {
  const [, ownerHash, secret] = idPattern.exec(id) ?? [];
  return ownerHash === undefined || secret === undefined ? null : { ownerHash, secret };
}

/** Half of a SHA-256 hash: 128 bits are enough to tell people apart. */
function hashOf({ kind, account }: SessionOwner): string {
  return sha256(JSON.stringify([kind, account])).slice(0, 32);
}

// The secret has 256 random bits, so its hash need not be slow.
function keyOf({ ownerHash, secret }: SessionId) {
  return { pk: partitionOf(ownerHash), sk: sha256(secret) };
}

function partitionOf(ownerHash: string): string {
  return `session#${ownerHash}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
