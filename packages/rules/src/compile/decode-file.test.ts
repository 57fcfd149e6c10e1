import { expect, test } from '@jest/globals';
import { decodeFile } from './decode-file.ts';

const utf16le = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'));
const utf16be = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le').swap16());

test.each([
  ['UTF-16 with a byte-order mark', utf16le('\uFEFFoutbound: []\n'), 'the file is UTF-16, not UTF-8'],
  ['UTF-16 in the other byte order', utf16be('\uFEFFoutbound: []\n'), 'the file is UTF-16, not UTF-8'],
  ['UTF-16 without a byte-order mark', utf16le('outbound: []\n'), 'the file is UTF-16, not UTF-8'],
  ['UTF-32', new Uint8Array([0xff, 0xfe, 0, 0, 0x6f, 0, 0, 0]), 'the file is UTF-32, not UTF-8'],
  ['an image', new Uint8Array([0x89, 0x50, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7]), 'the file is binary, not UTF-8'],
  ['Latin-1', new Uint8Array(Buffer.from('# é', 'latin1')), 'the file is not valid UTF-8'],
])('%s is named', (_, bytes, message) => {
  expect(decodeFile(bytes)).toEqual({ problem: { message, fix: 'save it as UTF-8 text' } });
});

test('UTF-8 is read as it is, also with a byte-order mark', () => {
  for (const text of ['', 'outbound: []\n', '\uFEFF# é 漢\n']) {
    expect(decodeFile(new TextEncoder().encode(text))).toEqual({ text });
  }
});
