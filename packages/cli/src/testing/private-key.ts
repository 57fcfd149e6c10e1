import { generateKeyPairSync } from 'node:crypto';

export const testPrivateKey = newPrivateKey();

export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
}
