import { expect, test } from '@jest/globals';
import { operationsOf } from './operations.ts';

const header = { name: 'If-None-Match', in: 'header', description: 'The `ETag`.' };
const document = {
  paths: {
    '/api/runs': {
      get: { summary: 'Lists runs.', tags: ['runs'], parameters: [header, { name: 'code', in: 'query' }] },
    },
    '/api/pause': {
      get: { summary: 'Returns the brake.', tags: ['pause'] },
      post: { summary: 'Pauses.', tags: ['pause'] },
    },
  },
};

test('operations are grouped by tag, without the parameters that browsers send themselves', () => {
  expect(
    operationsOf(document, '').map(({ tag, operations }) => [tag, operations.map(({ method }) => method)]),
  ).toEqual([
    ['runs', ['GET']],
    ['pause', ['GET', 'POST']],
  ]);
  expect(operationsOf(document, '')[0]?.operations[0]?.parameters).toEqual([{ name: 'code', text: '' }]);
});

test('the filter looks at path and text', () => {
  expect(operationsOf(document, ' BRAKE ').flatMap(({ operations }) => operations)).toHaveLength(1);
  expect(operationsOf(document, '/pause').flatMap(({ operations }) => operations)).toHaveLength(2);
  expect(operationsOf(document, 'nothing')).toEqual([]);
});
