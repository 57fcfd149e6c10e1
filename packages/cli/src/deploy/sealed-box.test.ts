import { expect, test } from '@jest/globals';
import nacl from 'tweetnacl';
import { nonceOf, sealedBox } from './sealed-box.ts';

test('a sealed box can be opened with the recipient’s key by an implementation that shares no code with it', () => {
  const recipient = nacl.box.keyPair();
  const sealed = sealedBox('a secret: Ü', Buffer.from(recipient.publicKey).toString('base64'));
  const bytes = new Uint8Array(Buffer.from(sealed, 'base64'));
  const sender = bytes.slice(0, nacl.box.publicKeyLength);
  const nonce = nonceOf(sender, recipient.publicKey);
  const box = bytes.slice(nacl.box.publicKeyLength);
  const opened = nacl.box.open(box, nonce, sender, recipient.secretKey);
  expect(Buffer.from(opened ?? []).toString('utf8')).toBe('a secret: Ü');
  expect(nacl.box.open(box, nonce, sender, nacl.box.keyPair().secretKey)).toBeNull();
});

test('the same secret is sealed differently each time', () => {
  const key = Buffer.from(nacl.box.keyPair().publicKey).toString('base64');
  expect(sealedBox('a', key)).not.toBe(sealedBox('a', key));
});

// BLAKE2b of 64 zero bytes with an output of 24 bytes, from Python's hashlib.
test('the nonce is BLAKE2b with an output of 24 bytes, not a cut one', () => {
  const zeros = new Uint8Array(32);
  const nonce = Buffer.from(nonceOf(zeros, zeros)).toString('hex');
  expect(nonce).toBe('cc5610ee902940c82f56b2fad85a328efef362e85983d926');
});
