import { expect, test } from '@jest/globals';
import { mergeByRepository } from './target-requests.ts';

const request = (name: string) => ({ owner: 'octo', name, workflows: [], refs: [] });
const merged = (...names: string[]) => mergeByRepository(names.map(request)).map(({ name }) => name);

test('one repository asked for in two cases is read once', () => {
  expect(merged('kit', 'KIT')).toEqual(['kit']);
});

test('a name with the Kelvin sign is another repository, as it is for the rules', () => {
  expect(merged('kit', '\u212Ait')).toEqual(['kit', '\u212Ait']);
});
