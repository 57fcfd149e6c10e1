import { expect, test } from '@jest/globals';
import { formatBody } from './format-body.ts';
import { isActionable, maxSelected, toggled, toggledAll } from './selection.ts';

test('only dead letters that are still in the queue can be selected', () => {
  expect(['open', 'quarantined', 'redriven', 'discarded'].map((state) => isActionable({ state }))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('a selection holds as many ids as one action accepts', () => {
  const ids = Array.from({ length: maxSelected + 20 }, (_, index) => `id-${index}`);
  const all = toggledAll([], ids);
  expect(all).toHaveLength(maxSelected);
  expect(toggled(all, 'one-more')).toEqual(all);
  expect(toggled(all, 'id-0')).toHaveLength(maxSelected - 1);
  expect(toggledAll(all, ids)).toEqual([]);
});

test('JSON is indented, anything else shown as it is', () => {
  expect(formatBody('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(formatBody('not JSON')).toBe('not JSON');
});
