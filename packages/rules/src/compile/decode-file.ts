import type { Problem } from '../values/problem.ts';

/** Returns the text of a dispatching.yml as GitHub and Dispatcher read it, or what is wrong with its encoding. */
export function decodeFile(bytes: Uint8Array): { readonly text: string } | { readonly problem: Problem } {
  const encoding = otherEncodingOf(bytes);
  if (encoding !== null) {
    return { problem: { message: `the file is ${encoding}, not UTF-8`, fix: 'save it as UTF-8 text' } };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { problem: { message: 'the file is not valid UTF-8', fix: 'save it as UTF-8 text' } };
  }
}

/** Returns the encoding that the first bytes show. A file without a byte-order mark is recognized by its zero bytes. */
function otherEncodingOf(bytes: Uint8Array): string | null {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? 'UTF-32' : 'UTF-16';
  if (first === 0xfe && second === 0xff) return 'UTF-16';
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return 'UTF-32';
  const start = bytes.subarray(0, 1_000);
  const zeros = [0, 0];
  for (const [index, byte] of start.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even + odd === 0) return null;
  // In UTF-16, every other byte of ASCII text is zero.
  return Math.max(even, odd) > start.length / 4 && Math.min(even, odd) === 0 ? 'UTF-16' : 'binary';
}
