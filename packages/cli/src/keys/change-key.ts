import { factId, type KeyChanged } from '@dispatcher/contracts';
import { hashSecret, newApiKey } from '@dispatcher/lambda';
import { type ApiKeyRecord, isLiveKey } from '@dispatcher/store';
import { BadInput } from '../command.ts';
import type { KeyOperations } from './key-operations.ts';

/** Who changes a key, and why. */
export interface Deed {
  readonly actionId: string;
  readonly operator: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

export type Wanted = Pick<ApiKeyRecord, 'name' | 'role' | 'targets' | 'expiresAt'>;

/** A change that was begun and not ended: its message says what stands now and what to do. */
export class KeyHalfChanged extends Error {
  override readonly name = 'KeyHalfChanged';
}

/**
 * Told first and stored afterwards: a key that opens something is always one that was told of.
 * @returns the record, and the text that its owner is shown once
 * @throws BadInput where the name is taken, or is none that can be rotated
 */
export async function createKey({ keys, bus }: KeyOperations, wanted: Wanted, rotate: boolean, deed: Deed) {
  const made = await checkName({ keys }, wanted, rotate, Date.parse(deed.at));
  const { keyId, secret, text } = newApiKey();
  const record: ApiKeyRecord = {
    ...wanted,
    keyId,
    secretHash: hashSecret(secret),
    createdAt: deed.at,
    createdBy: deed.operator,
    revokedAt: null,
  };
  await bus.publish([keyChanged('created', record, deed, deed.at)]);
  try {
    await keys.create(record, made);
  } catch (cause) {
    const message = `Key ${keyId} is told as created and was not stored, so it opens nothing. Create another one.`;
    throw new KeyHalfChanged(`${message} ${(cause as Error).message}`, { cause });
  }
  return { record, text };
}

/**
 * Stored first and told afterwards, so that no trouble with the bus keeps a key alive. Done again, it tells the same
 * fact.
 * @throws BadInput where there is no such key
 */
export async function revokeKey({ keys, bus }: KeyOperations, keyId: string, deed: Deed): Promise<ApiKeyRecord> {
  const record = await keys.revoke(keyId, deed.at);
  if (record === null) throw new BadInput(`There is no key ${keyId}; \`dispatcher keys list\` shows those there are.`);
  try {
    await bus.publish([keyChanged('revoked', record, deed, record.revokedAt ?? deed.at)]);
  } catch (cause) {
    const message = `Key ${keyId} is revoked, and that was not told: run this command again.`;
    throw new KeyHalfChanged(`${message} ${(cause as Error).message}`, { cause });
  }
  return record;
}

export async function allKeys({ keys }: Pick<KeyOperations, 'keys'>): Promise<readonly ApiKeyRecord[]> {
  const all: ApiKeyRecord[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await keys.list({ cursor });
    all.push(...page.items);
    cursor = page.cursor;
  }
  return all;
}

/** How many keys of that name were made: whoever makes one in the same moment makes `create` fail. */
async function checkName({ keys }: Pick<KeyOperations, 'keys'>, wanted: Wanted, rotate: boolean, at: number) {
  const { name, role } = wanted;
  const { keys: all, made } = await keys.named(name);
  const first = all.find((key) => isLiveKey(key, at));
  if (first === undefined) {
    if (rotate) throw new BadInput(`No live key is named ${name}: leave --rotate out.`);
    return made;
  }
  if (!rotate) {
    throw new BadInput(
      `Key ${first.keyId} is named ${name} already. Choose another name, or add --rotate to replace it.`,
    );
  }
  if (first.role !== role) {
    throw new BadInput(`Key ${first.keyId} named ${name} is for ${first.role}: a key that replaces it is, too.`);
  }
  return made;
}

/** A key is created once and revoked once, so that a repeat is the same fact. */
function keyChanged(action: 'created' | 'revoked', record: ApiKeyRecord, deed: Deed, time: string): KeyChanged {
  const { keyId, name, role, targets } = record;
  const { actionId, operator, reason } = deed;
  const id = factId('key.changed', keyId, action);
  return {
    version: 1,
    id,
    type: 'key.changed',
    time,
    correlationId: id,
    data: { actionId, action, keyId, name, role, targets, operator, reason },
  };
}
