import { expect, test } from '@jest/globals';
import { matchKeys, wordOf } from './key-sequence.ts';

const press = (key: string, modifiers: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...modifiers,
});
const shortcuts = ['/', '?', 'mod+k', 'g r', 'g d', 'r'];

test('Ctrl and Command are one modifier; other combinations belong to the browser', () => {
  expect(wordOf(press('k', { ctrlKey: true }))).toBe('mod+k');
  expect(wordOf(press('K', { metaKey: true }))).toBe('mod+k');
  expect(wordOf(press('k', { altKey: true }))).toBeNull();
  expect(wordOf(press('Enter'))).toBeNull();
});

test('two keys in sequence are one shortcut', () => {
  const first = matchKeys(shortcuts, null, 'g');
  expect(first).toEqual({ matched: null, pending: 'g' });
  expect(matchKeys(shortcuts, first.pending, 'r')).toEqual({ matched: 'g r', pending: null });
});

test('a key that completes no sequence counts for itself', () => {
  expect(matchKeys(shortcuts, 'g', '/')).toEqual({ matched: '/', pending: null });
  expect(matchKeys(shortcuts, 'g', 'x')).toEqual({ matched: null, pending: null });
  expect(matchKeys(shortcuts, null, 'r')).toEqual({ matched: 'r', pending: null });
});
