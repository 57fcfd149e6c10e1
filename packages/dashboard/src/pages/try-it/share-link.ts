// An example as the fragment of a link. A browser never sends the fragment to a server.
import { type Example, toExample } from './example.ts';

/** A file that is larger makes the link too long for mail and chat. */
export const maxLinkedFileBytes = 16 * 1024;

const prefix = '#example=';
/** No example of five files within the limit inflates to more; what does is an attack. */
const maxInflatedBytes = 300 * 1024;

export const isTooLarge = ({ sourceFile, targetFile, sourcePolicy, targetPolicy, workflowFile }: Example): boolean =>
  [sourceFile, targetFile, sourcePolicy, targetPolicy, workflowFile].some(
    (text) => new TextEncoder().encode(text).length > maxLinkedFileBytes,
  );

async function* chunksOf(stream: ReadableStream<Uint8Array>) {
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

async function collect(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of chunksOf(stream)) {
    size += part.length;
    if (size > maxBytes) throw new RangeError(`larger than ${maxBytes} bytes`);
    parts.push(part);
  }
  const all = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** Returns the fragment: `#example=…`. */
export async function toFragment(example: Example): Promise<string> {
  const text = new Blob([JSON.stringify(example)]).stream();
  const bytes = await collect(text.pipeThrough(new CompressionStream('deflate-raw')), Number.POSITIVE_INFINITY);
  return prefix + base64Of(bytes);
}

/** Returns the example of a fragment; null if it holds none. */
export async function fromFragment(fragment: string): Promise<Example | null> {
  if (!fragment.startsWith(prefix)) return null;
  try {
    const bytes = bytesOf(fragment.slice(prefix.length));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return toExample(JSON.parse(new TextDecoder().decode(await collect(stream, maxInflatedBytes))));
  } catch {
    return null;
  }
}

function base64Of(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCodePoint(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.codePointAt(0) ?? 0);
