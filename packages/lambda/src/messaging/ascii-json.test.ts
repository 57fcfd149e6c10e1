import { expect, test } from '@jest/globals';
import { asciiJson } from './ascii-json.ts';

test('any text survives encoding, including characters that SQS rejects', () => {
  for (const text of ['función', '🌱', '\uFFFF\uFFFE\u0000', '\u202E', 'plain', '"\\', '\uD800']) {
    const written = asciiJson({ text });
    expect(written).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(written)).toEqual({ text });
  }
});
