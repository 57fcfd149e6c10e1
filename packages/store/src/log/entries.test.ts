import { planFacts, sampleRun } from '@dispatcher/projections/testing';
import { expect, test } from '@jest/globals';
import { cutIntoEntries, parseEntry } from './entries.ts';

const time = '2026-11-03T14:00:00.000Z';
const facts = [1, 2, 3].flatMap((number) => planFacts(sampleRun(number, time), ['allow', 'deny'], time));

const entryOf = (bytes: Uint8Array) =>
  parseEntry('facts', { pk: 'log#0', sk: '1', id: 'entry-1', at: 0, expiresAt: 1, facts: bytes });

test('an entry has the facts that were appended', () => {
  const [content, ...more] = cutIntoEntries(facts);
  if (content === undefined) throw new Error('There is no entry.');
  expect(more).toEqual([]);
  expect(entryOf(content.bytes).facts()).toEqual(facts);
});

test('nine facts of three runs take less than one write unit', () => {
  expect(facts).toHaveLength(9);
  expect(cutIntoEntries(facts)[0]?.bytes.length).toBeLessThan(900);
});

test('an entry of a newer version is refused with the remedy', () => {
  const bytes = Uint8Array.from(cutIntoEntries(facts)[0]?.bytes ?? []);
  bytes[0] = 99;
  expect(() => entryOf(bytes).facts()).toThrow(/dictionary 99.*Deploy the version that wrote it/);
});
