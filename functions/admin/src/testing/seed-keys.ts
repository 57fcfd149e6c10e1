import type { ApiKeys } from '@dispatcher/store';

/** A key that a test may revoke. */
export const seededKeyId = '0000000000000001';
/** The name of an active key. */
export const seededKeyName = 'dashboard';

/** Stores three keys: with the operator's key of the seed, the list has several pages. */
export async function seedKeys(keys: Pick<ApiKeys, 'create'>): Promise<void> {
  for (const [at, name] of ['on-call', seededKeyName, 'smoke-test'].entries()) {
    await keys.create(
      {
        keyId: `000000000000000${at + 1}`,
        name,
        role: 'viewer',
        targets: [],
        secretHash: '0'.repeat(64),
        createdAt: '2026-11-03T14:00:00.000Z',
        createdBy: 'ada',
        expiresAt: null,
        revokedAt: null,
      },
      0,
    );
  }
}
