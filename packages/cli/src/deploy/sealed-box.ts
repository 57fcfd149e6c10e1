import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { blake2b } from '@noble/hashes/blake2.js';
import nacl from 'tweetnacl';

/** The part of the library that its types leave out. */
const { lowlevel } = nacl as unknown as {
  readonly lowlevel: {
    crypto_core_hsalsa20(out: Uint8Array, input: Uint8Array, key: Uint8Array, constant: Uint8Array): void;
  };
};

/**
 * Encrypts a secret for GitHub, as libsodium's `crypto_box_seal` does: with a key pair of its own that is thrown away, and
 * a nonce that both sides derive from the two public keys. Only GitHub can open it.
 * @param publicKey the repository's or environment's key, in base64
 * @returns base64
 */
export function sealedBox(text: string, publicKey: string): string {
  const recipient = Buffer.from(publicKey, 'base64');
  const sender = generateKeyPairSync('x25519');
  const senderKey = rawKeyOf(sender.publicKey);
  const key = boxKey(sender.privateKey, recipient);
  const box = nacl.secretbox(new Uint8Array(Buffer.from(text, 'utf8')), nonceOf(senderKey, recipient), key);
  return Buffer.concat([senderKey, box]).toString('base64');
}

/** Returns the nonce of a sealed box: 24 bytes of BLAKE2b over both public keys. */
export function nonceOf(sender: Uint8Array, recipient: Uint8Array): Uint8Array {
  return blake2b(Uint8Array.from([...sender, ...recipient]), { dkLen: nacl.box.nonceLength });
}

/**
 * Returns the key that two parties of a box share. The exchange is Node's: in JavaScript it takes a hundred times longer.
 * @param theirs the other party's public key
 */
export function boxKey(own: KeyObject, theirs: Uint8Array): Uint8Array {
  const jwk = { kty: 'OKP', crv: 'X25519', x: Buffer.from(theirs).toString('base64url') };
  const shared = diffieHellman({ privateKey: own, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) });
  const key = new Uint8Array(nacl.secretbox.keyLength);
  const constant = new Uint8Array(Buffer.from('expand 32-byte k', 'utf8'));
  lowlevel.crypto_core_hsalsa20(key, new Uint8Array(16), new Uint8Array(shared), constant);
  return key;
}

/** Returns the 32 bytes of a public key. */
export function rawKeyOf(key: KeyObject): Uint8Array {
  return new Uint8Array(Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url'));
}
