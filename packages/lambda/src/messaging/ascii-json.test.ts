import { expect, test } from '@jest/globals';
import { asciiJson } from './ascii-json.ts';

test('a text of any characters, also those that SQS refuses, comes out as it went in', () => {
  for (const text of ['función', '🌱', '\uFFFF\uFFFE\u0000', '\u202E', 'plain', '"\\', '\uD800']) {
    const written = asciiJson({ text });
    expect(written).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(written)).toEqual({ text });
  }
});
