import { factId, type KeyChanged } from '@dispatcher/contracts';
import { hashSecret, generateApiKey } from '@dispatcher/lambda';
import { type ApiKeyRecord, isLiveKey } from '@dispatcher/store';
import { UsageError } from '../command.ts';
import type { KeyOperations } from './key-operations.ts';

/** Who changes a key, when and why. */
export interface OperatorAction {
  readonly actionId: string;
  readonly operator: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

export type NewKeyOptions = Pick<ApiKeyRecord, 'name' | 'role' | 'targets' | 'expiresAt'>;

/** A change was completed in part: the message says what was done and what to do next. */
export class PartialKeyChangeError extends Error {
  override readonly name = 'PartialKeyChangeError';
}

/**
 * Creates a key. The fact is published before the key is stored, so that every usable key is recorded.
 * @returns the record, and the key's text, which is shown only once
 * @throws UsageError if the name is in use, or no key of this name can be rotated
 */
export async function createKey(
  { keys, bus }: KeyOperations,
  newKey: NewKeyOptions,
  rotate: boolean,
  operatorAction: OperatorAction,
) {
  const createdCount = await checkName({ keys }, newKey, rotate, Date.parse(operatorAction.at));
  const { keyId, secret, text } = generateApiKey();
  const record: ApiKeyRecord = {
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
 * @throws UsageError if the key does not exist
 */
export async function revokeKey(
  { keys, bus }: KeyOperations,
  keyId: string,
  operatorAction: OperatorAction,
): Promise<ApiKeyRecord> {
  const record = await keys.revoke(keyId, operatorAction.at);
  if (record === null) throw new UsageError(`Key ${keyId} does not exist; \`dispatcher keys list\` prints all keys.`);
  try {
    await bus.publish([keyChanged('revoked', record, operatorAction, record.revokedAt ?? operatorAction.at)]);
  } catch (cause) {
    const message = `Key ${keyId} was revoked, but the change was not recorded: run this command again.`;
    throw new PartialKeyChangeError(`${message} ${(cause as Error).message}`, { cause });
  }
  return record;
}

export async function listKeys({ keys }: Pick<KeyOperations, 'keys'>): Promise<readonly ApiKeyRecord[]> {
  const all: ApiKeyRecord[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await keys.list({ cursor });
    all.push(...page.items);
    cursor = page.cursor;
  }
  return all;
}

/** Returns how many keys of this name were created; `create` fails if another one was created meanwhile. */
async function checkName({ keys }: Pick<KeyOperations, 'keys'>, newKey: NewKeyOptions, rotate: boolean, at: number) {
  const { name, role } = newKey;
  const { keys: all, made: createdCount } = await keys.findByName(name);
  const active = all.find((key) => isLiveKey(key, at));
  if (active === undefined) {
    if (rotate) throw new UsageError(`No active key is named ${name}: leave --rotate out.`);
    return createdCount;
  }
  if (!rotate) {
    throw new UsageError(
      `Key ${active.keyId} already has the name ${name}. Choose another name, or add --rotate to replace it.`,
    );
  }
  if (active.role !== role) {
    throw new UsageError(
      `Key ${active.keyId} (${name}) has the role ${active.role}: its replacement needs the same role.`,
    );
  }
  return createdCount;
}

/** The fact's id depends on key and action only, so that a repeat publishes the same fact. */
function keyChanged(
  action: 'created' | 'revoked',
  record: ApiKeyRecord,
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
