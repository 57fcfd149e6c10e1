import { expect, test } from '@jest/globals';
import { placeOf } from './place-of-rule.ts';

const text = `# Rules
outbound:
  - workflow: ci.yml
    branches: [main]
    targets:
      - repository: octo-org/deploy
        workflow: cd.yml

      - repository: octo-org/docs
        workflow: publish.yml
        # the end
inbound: []
`;

test.each([
  ['outbound[0]', { first: 3, last: 11 }],
  ['outbound[0].targets[0]', { first: 6, last: 7 }],
  ['outbound[0].targets[1]', { first: 9, last: 10 }],
  ['outbound[0].branches', { first: 4, last: 4 }],
  ['inbound', { first: 12, last: 12 }],
])('%s is found', (label, lines) => {
  expect(placeOf(text, label)).toEqual(lines);
});

test.each(['outbound[1]', 'outbound[0].targets[2]', 'inbound[0].targets[0]', '', 'a key'])(
  '“%s” is not in the text',
  (label) => {
    expect(placeOf(text, label)).toBeNull();
  },
);

test('a text that is not YAML has no rule', () => {
  expect(placeOf('outbound: [', 'outbound[0]')).toBeNull();
  expect(placeOf('', 'outbound[0]')).toBeNull();
});
