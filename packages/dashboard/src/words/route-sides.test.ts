import { expect, test } from '@jest/globals';
import { isBetween, labelOfSides, sidesOf } from './route-sides.ts';

test.each([
  'acme/shop ci.yml → acme/deploy cd.yml',
  'acme/shop:ci.yml → acme/deploy:cd.yml',
  ' acme/shop ci.yml->acme/deploy cd.yml ',
  'acme/shop ci.yml => acme/deploy cd.yml',
  'acme/shop ci.yml to acme/deploy cd.yml',
  'acme/shop ci.yml acme/deploy cd.yml',
])('%s names a route by its workflows', (text) => {
  expect(sidesOf(text)).toEqual({
    source: { repository: 'acme/shop', workflow: 'ci.yml' },
    target: { repository: 'acme/deploy', workflow: 'cd.yml' },
  });
});

test.each([
  ['acme/shop → acme/deploy', 'acme/shop → acme/deploy'],
  ['acme/shop acme/deploy cd.yml', 'acme/shop → acme/deploy cd.yml'],
  ['acme/shop jobs of ci.yml → acme/deploy cd.yml', 'acme/shop jobs of ci.yml → acme/deploy cd.yml'],
  ['acme/shop:ci.yml -> acme/deploy#released', 'acme/shop ci.yml → acme/deploy released'],
  ['acme/shop ci.yml → acme/deploy event released', 'acme/shop ci.yml → acme/deploy released'],
])('%s is read as %s', (text, label) => {
  expect(labelOfSides(sidesOf(text)!)).toBe(label);
});

test.each(['acme/shop', 'acme/shop ci.yml', 'deploy → shop', 'a text about ci.yml', ''])(
  '%s does not name a route',
  (text) => {
    expect(sidesOf(text)).toBeNull();
  },
);

const route = {
  source: { repository: 'Acme/Shop', workflow: 'ci.yml' },
  target: { repository: 'acme/deploy', workflow: '.github/workflows/cd.yml' },
};

test('a route of jobs is found by the name of their workflow', () => {
  const ofJobs = { ...route, source: { repository: 'acme/shop', job: 'ci.yml' } };
  expect(isBetween(ofJobs, sidesOf('acme/shop ci.yml → acme/deploy cd.yml')!)).toBe(true);
  expect(isBetween(ofJobs, sidesOf('acme/shop jobs of ci.yml → acme/deploy cd.yml')!)).toBe(true);
  expect(isBetween(ofJobs, sidesOf('acme/shop other.yml → acme/deploy cd.yml')!)).toBe(false);
});

test.each([
  ['acme/shop ci.yml → acme/deploy cd.yml', true],
  ['acme/shop → acme/deploy', true],
  ['acme/shop ci.yml → acme/deploy other.yml', false],
  ['acme/shop other.yml → acme/deploy cd.yml', false],
  ['acme/deploy → acme/shop', false],
])('a route is between the sides of %s: %s', (text, expected) => {
  expect(isBetween(route, sidesOf(text)!)).toBe(expected);
});
