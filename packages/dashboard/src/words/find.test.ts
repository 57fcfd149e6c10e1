import { expect, test } from '@jest/globals';
import { findTarget } from './find.ts';

const sha = '0123456789abcdef0123456789abcdef01234567';

test.each([
  ['https://github.com/octo-org/app/actions/runs/9000000001', 'run', '9000000001'],
  ['https://ghe.example.com/octo-org/app/actions/runs/9000000001/attempts/2', 'run', '9000000001'],
  ['https://github.com/octo-org/app/actions/runs/9000000001/job/5?pr=1', 'run', '9000000001'],
  [' 9000000001 ', 'run', '9000000001'],
  [sha.toUpperCase(), 'commit', sha],
  [`https://github.com/octo-org/app/commit/${sha}`, 'commit', sha],
  [`https://github.com/octo-org/app/pull/7/commits/${sha}`, 'commit', sha],
  ['a0b72bcc-7e31-4ee9-9a62-c73c9a1148ad', 'delivery', 'a0b72bcc-7e31-4ee9-9a62-c73c9a1148ad'],
  ['428c652cca209c6ae9007f1fe06d2294', 'dispatch', '428c652cca209c6ae9007f1fe06d2294'],
])('%s is looked for by its %s', (text, by, value) => {
  expect(findTarget(text)).toEqual({ kind: 'search', by, value });
});

test.each([
  ['11-9000000001-1', { page: 'run', runKey: '11-9000000001-1' }],
  ['request-428c652cca209c6ae9007f1fe06d2294', { page: 'run', runKey: 'request-428c652cca209c6ae9007f1fe06d2294' }],
  ['9bbb5b0b025c234b', { page: 'route', routeId: '9bbb5b0b025c234b' }],
  ['octo-org/app', { page: 'repository', owner: 'octo-org', name: 'app' }],
  [
    'https://github.com/octo-org/app/pull/7/files',
    { page: 'runs', search: { repository: 'octo-org/app', pullRequest: '7' } },
  ],
  ['octo-org/app#7', { page: 'runs', search: { repository: 'octo-org/app', pullRequest: '7' } }],
  [
    'https://github.com/octo-org/app/tree/feature/one%20more',
    { page: 'runs', search: { repository: 'octo-org/app', branch: 'feature/one more' } },
  ],
  [
    'https://github.com/octo-org/app/tree/100%',
    { page: 'runs', search: { repository: 'octo-org/app', branch: '100%' } },
  ],
  ['https://github.com/octo-org/app.git', { page: 'repository', owner: 'octo-org', name: 'app' }],
])('%s leads to its page', (text, page) => {
  expect(findTarget(text)).toEqual({ kind: 'page', ...page });
});

test('the names of two sides are looked for as a route', () => {
  expect(findTarget('octo-org/app ci.yml → octo-org/deploy cd.yml')).toEqual({
    kind: 'route',
    sides: {
      source: { repository: 'octo-org/app', workflow: 'ci.yml' },
      target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
    },
  });
});

test('a short commit and other words say what would find it', () => {
  expect(findTarget('0123abc')).toMatchObject({ kind: 'unknown', say: expect.stringContaining('shortened commit') });
  expect(findTarget('deploy')).toMatchObject({ kind: 'unknown', say: expect.stringContaining('not an id') });
});
