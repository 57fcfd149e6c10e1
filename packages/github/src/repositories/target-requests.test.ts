import { expect, test } from '@jest/globals';
import { mergeByRepository } from './target-requests.ts';

const request = (name: string) => ({ owner: 'octo', name, workflows: [], refs: [] });
const merged = (...names: string[]) => mergeByRepository(names.map(request)).map(({ name }) => name);

test('requests for one repository that differ in case are merged', () => {
  expect(merged('kit', 'KIT')).toEqual(['kit']);
});

test('a name with the Kelvin sign is a different repository, as in the rules', () => {
  expect(merged('kit', '\u212Ait')).toEqual(['kit', '\u212Ait']);
});
