import { factId, type KeyChanged, type KeyRole } from '@dispatcher/contracts';
import { generateApiKey, hashSecret } from './authentication/api-key.ts';
import type { Bus } from './messaging/bus.ts';

/** A stored API key, as the store defines it. */
export interface StoredKey {
  readonly keyId: string;
  readonly name: string;
  readonly role: KeyRole;
  readonly targets: string[];
  readonly secretHash: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

export interface ChangeKeyDependencies {
  readonly keys: {
    create(record: StoredKey, made: number): Promise<void>;
    findByName(name: string): Promise<{ readonly keys: readonly StoredKey[]; readonly made: number }>;
    revoke(keyId: string, at: string): Promise<StoredKey | null>;
  };
  readonly bus: Pick<Bus, 'publish'>;
}

/** The change is refused; nothing was done. */
export class KeyRefusedError extends Error {
  override readonly name = 'KeyRefusedError';
}

/** Who changes a key, when and why. */
export interface OperatorAction {
  readonly actionId: string;
  readonly operator: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

export type NewKeyOptions = Pick<StoredKey, 'name' | 'role' | 'targets' | 'expiresAt'>;

/** A change was completed in part: the message says what was done and what to do next. */
export class PartialKeyChangeError extends Error {
  override readonly name = 'PartialKeyChangeError';
}

/**
 * Creates a key. The fact is published before the key is stored, so that every usable key is recorded.
 * @returns the record, and the key's text, which is shown only once
 * @throws KeyRefusedError if the name is in use, or no key of this name can be rotated
 */
export async function createKey(
  { keys, bus }: ChangeKeyDependencies,
  newKey: NewKeyOptions,
  rotate: boolean,
  operatorAction: OperatorAction,
) {
  const createdCount = await checkName({ keys }, newKey, rotate, Date.parse(operatorAction.at));
  const { keyId, secret, text } = generateApiKey();
  const record: StoredKey = {
    ...newKey,
    keyId,
    secretHash: hashSecret(secret),
    createdAt: operatorAction.at,
    createdBy: operatorAction.operator,
    revokedAt: null,
  };
  await bus.publish([keyChanged('created', record, operatorAction, operatorAction.at)]);
  try {
    await keys.create(record, createdCount);
  } catch (cause) {
    const message = `Key ${keyId} was recorded as created but not stored, so it is not valid. Create another key.`;
    throw new PartialKeyChangeError(`${message} ${(cause as Error).message}`, { cause });
  }
  return { record, text };
}

/**
 * Revokes a key. It is stored before the fact is published, so that a failing bus cannot keep a key valid. A repeat
 * publishes the same fact.
 * @throws KeyRefusedError if the key does not exist
 */
export async function revokeKey(
  { keys, bus }: ChangeKeyDependencies,
  keyId: string,
  operatorAction: OperatorAction,
): Promise<StoredKey> {
  const record = await keys.revoke(keyId, operatorAction.at);
  if (record === null)
    throw new KeyRefusedError(`Key ${keyId} does not exist; \`dispatcher keys list\` prints all keys.`);
  try {
    await bus.publish([keyChanged('revoked', record, operatorAction, record.revokedAt ?? operatorAction.at)]);
  } catch (cause) {
    const message = `Key ${keyId} was revoked, but the change was not recorded: run this command again.`;
    throw new PartialKeyChangeError(`${message} ${(cause as Error).message}`, { cause });
  }
  return record;
}

/** Returns how many keys of this name were created; `create` fails if another one was created meanwhile. */
async function checkName(
  { keys }: Pick<ChangeKeyDependencies, 'keys'>,
  newKey: NewKeyOptions,
  rotate: boolean,
  at: number,
) {
  const { name, role } = newKey;
  const { keys: all, made: createdCount } = await keys.findByName(name);
  const active = all.find(
    ({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || at < Date.parse(expiresAt)),
  );
  if (active === undefined) {
    if (rotate) throw new KeyRefusedError(`No active key is named ${name}: leave --rotate out.`);
    return createdCount;
  }
  if (!rotate) {
    throw new KeyRefusedError(
      `Key ${active.keyId} already has the name ${name}. Choose another name, or rotate it: --rotate, or rotate in the API.`,
    );
  }
  if (active.role !== role) {
    throw new KeyRefusedError(
      `Key ${active.keyId} (${name}) has the role ${active.role}: its replacement needs the same role.`,
    );
  }
  return createdCount;
}

/** The fact's id depends on key and action only, so that a repeat publishes the same fact. */
function keyChanged(
  action: 'created' | 'revoked',
  record: StoredKey,
  operatorAction: OperatorAction,
  time: string,
): KeyChanged {
  const { keyId, name, role, targets } = record;
  const { actionId, operator, reason } = operatorAction;
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
