import { expect, test } from '@jest/globals';
import type { Schemas } from '../api/schemas.ts';
import { codeOfDeliveryRow, sentenceOfDeliveryRow } from './delivery-summary.ts';

type Row = Schemas['DeliveryRow'];
const planned = (allowed: number, denied: number, rest: object = {}) =>
  ({ kind: 'planned', outcome: 'planned', code: 'planned', allowed, denied, ...rest }) as unknown as Row;
const row = (values: object) => values as unknown as Row;

test.each([
  ['1 route allowed.', planned(1, 0)],
  ['3 routes refused.', planned(0, 3)],
  ['1 route in a dry run.', planned(0, 1, { dryRun: 1 })],
  [
    '6 routes: 1 allowed, 2 refused, 2 left to another run, 1 in a dry run.',
    planned(1, 5, { dryRun: 1, leftToAnotherRun: 2 }),
  ],
  ['Nothing was started: no outbound rule matches.', planned(0, 0, { outcome: 'no-match', code: 'no-match' })],
  ['Nothing was started: the App is not installed.', row({ kind: 'ignored', reason: 'no-installation' })],
  ['Not planned yet: GitHub could not be reached. Dispatcher tries again.', row({ kind: 'delayed' })],
  ['Not processed: the message is a dead letter.', row({ kind: 'dead-lettered', reason: 'died' })],
])('a row says in one sentence: %s', (sentence, of) => {
  expect(sentenceOfDeliveryRow(of)).toBe(sentence);
});

test('a row has the code where its state does not say why', () => {
  expect(codeOfDeliveryRow(planned(0, 0, { outcome: 'source-refused', code: 'fork-run' }))).toBe('fork-run');
  expect(codeOfDeliveryRow(row({ kind: 'dead-lettered', reason: 'died' }))).toBe('died');
  expect(codeOfDeliveryRow(planned(0, 0, { outcome: 'no-match', code: 'no-match' }))).toBeNull();
  expect(codeOfDeliveryRow(row({ kind: 'delayed' }))).toBeNull();
});
