import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { InvalidCursorError } from '@dispatcher/store';

const ivBytes = 12;
const tagBytes = 16;

/** Encrypts a cursor for one viewer. @param key 32 bytes */
export function sealCursor(key: Uint8Array, cursor: string): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const text = Buffer.concat([cipher.update(cursor, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
}

/** Decrypts a cursor. @throws InvalidCursorError for a cursor of another viewer, or any other text */
export function openCursor(key: Uint8Array, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < ivBytes + tagBytes) throw new InvalidCursorError();
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes));
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    const text = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
    return text.toString('utf8');
  } catch {
    throw new InvalidCursorError();
  }
}
