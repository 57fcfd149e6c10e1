import { expect, test } from '@jest/globals';
import type { Schemas } from '../api/schemas.ts';
import { type Preview, previewOfAction, previewRows, sameRefusals, sentenceOfSameRefusals } from './replay-preview.ts';
import type { Revision } from './run-history.ts';

const decision = (routeId: string, effect: 'allow' | 'deny', code: Preview['code']) => ({
  routeId,
  target: 'acme/deploy:cd.yml',
  effect,
  code,
  message: 'Not allowed.',
  fix: 'Add a rule.',
});
const preview: Preview = {
  outcome: 'planned',
  code: 'planned',
  message: '',
  decisions: [decision('a', 'allow', 'allowed'), decision('b', 'deny', 'inbound-no-match')],
  omitted: 0,
};
const recorded = { routeId: 'a', dispatchId: 'd', effect: 'deny', code: 'inbound-no-match' };
const newest = {
  revision: 0,
  facts: [
    { type: 'route.decided', data: { index: 0, decision: recorded } },
    { type: 'operator.acted', data: { actionId: 'action-1', preview } },
    { type: 'operator.acted', data: { actionId: 'action-2' } },
  ],
} as unknown as Revision;

test('the preview of an action is found once it is recorded', () => {
  expect(previewOfAction([newest], 'action-1')).toBe(preview);
  expect(previewOfAction([newest], 'action-2')).toBeNull();
  expect(previewOfAction([newest], 'action-3')).toBeNull();
});

test('each decision of a preview stands beside the recorded one', () => {
  const [first, second] = previewRows(preview, newest);
  expect(first).toMatchObject({ before: { word: 'Refused' }, now: { word: 'Allowed' }, refusal: null });
  expect(second).toMatchObject({ before: null, now: { word: 'Refused' }, refusal: { code: 'inbound-no-match' } });
});

test('other runs with the same refusal are counted once each, back to the last start', () => {
  const line = (type: string, runKey: string, code: string, time: string) => ({ type, runKey, code, time });
  const lines = [
    line('route.decided', '9-9-1', 'inbound-no-match', '6'),
    line('route.decided', '3-3-1', 'inbound-no-match', '5'),
    line('route.decided', '3-3-1', 'inbound-no-match', '4'),
    line('route.decided', '2-2-1', 'target-archived', '3'),
    line('dispatch.failed', '2-2-1', 'inbound-no-match', '2'),
    line('route.decided', '1-1-1', 'inbound-no-match', '2'),
    line('dispatch.completed', '1-0-1', 'accepted', '1'),
    line('route.decided', '0-0-1', 'inbound-no-match', '0'),
  ] as unknown as Schemas['FactLine'][];
  const runs = [
    { runKey: '3-3-1', time: '5' },
    { runKey: '1-1-1', time: '2' },
  ];
  expect(sameRefusals(lines, 'inbound-no-match', '9-9-1')).toEqual({ runs, isComplete: true });
  expect(sameRefusals(lines.slice(0, 6), 'inbound-no-match', '9-9-1')).toEqual({ runs, isComplete: false });
});

test('how many other runs were refused is a lower bound where older facts of the route are not loaded', () => {
  const run = { runKey: '3-3-1', time: '5' };
  expect(sentenceOfSameRefusals({ runs: [run], isComplete: true })).toBe(
    '1 other run was refused for the same reason,',
  );
  expect(sentenceOfSameRefusals({ runs: [run, run], isComplete: false })).toBe(
    'At least 2 other runs were refused for the same reason, the oldest',
  );
});
