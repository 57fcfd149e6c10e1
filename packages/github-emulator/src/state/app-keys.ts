import { createHash, createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { ApiError } from '../common/api-error.ts';
import type { App } from './entities.ts';
import { publicKeyOf } from './state-store.ts';

/** Returns the public keys (SPKI PEM) whose JWTs authenticate the App. GitHub allows several at a time. */
export function keysOf({ publicKey, otherPublicKeys = [] }: App): string[] {
  return [publicKey, ...otherPublicKeys];
}

/** Generates a private key (PKCS#1 PEM), adds its public half to the App, and returns it. It is not stored. */
export async function generateAppKey(app: App): Promise<{ readonly pem: string; readonly fingerprint: string }> {
  const { privateKey: pem } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const added = publicKeyOf(pem);
  app.otherPublicKeys = [...(app.otherPublicKeys ?? []), added];
  return { pem, fingerprint: fingerprintOf(added) };
}

/** Deletes all keys but the one with this public half. @throws ApiError 404 if the App has no such key */
export function deleteOtherAppKeys(app: App, pem: string): void {
  const kept = publicKeyOf(pem);
  if (!keysOf(app).includes(kept)) throw new ApiError(404, 'The App has no such key.');
  app.publicKey = kept;
  app.otherPublicKeys = [];
}

/** Returns the App of a seed with the keys of the stored App: after a rotation the seed has the new key only. */
export function withStoredKeys(app: App, stored: App): App {
  return { ...app, otherPublicKeys: keysOf(stored).filter((key) => key !== app.publicKey) };
}

/** Returns SHA-256 of the public key as base64, as GitHub shows it in the settings of an App. */
function fingerprintOf(publicKey: string): string {
  const der = createPublicKey(publicKey).export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('base64')}`;
}
