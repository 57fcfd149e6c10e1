import { describe, expect, test } from '@jest/globals';
import {
  type BulkReplay,
  type BulkReplayForm,
  dryRunOf,
  percentOf,
  problemsOfBulkReplay,
  selectionKeyOf,
  sentenceOfBulkReplay,
  sentenceOfPreview,
  titleOfSelection,
} from './bulk-replays.ts';

const selection = {
  repository: null,
  outcome: 'config-unreadable',
  code: null,
  since: '2026-11-28T10:00:00.000Z',
  until: '2026-11-28T12:00:00.000Z',
} as const;
const replay: BulkReplay = {
  bulkReplayId: '20261128T120000-0a1b2c3d',
  state: 'running',
  mode: 're-evaluate',
  selection,
  perMinute: 60,
  operator: 'mona',
  reason: 'GitHub is back.',
  startedAt: '2026-11-28T12:00:00.000Z',
  changedAt: '2026-11-28T12:00:00.000Z',
  changedBy: null,
  selected: 300,
  requested: 90,
  problem: null,
};

test.each([
  ['one that selects', { state: 'selecting', selected: 1, requested: 0 }, 'Selecting the runs: 1 run so far.', 0],
  ['one in progress', {}, 'In progress: 90 of 300 replays requested, about 4 min left.', 30],
  ['one that ends soon', { requested: 299 }, 'In progress: 299 of 300 replays requested, less than a minute left.', 99],
  [
    'one that was stopped',
    { state: 'stopped' },
    'Stopped. 90 of 300 replays were requested; what was requested is carried out.',
    30,
  ],
  ['a completed one', { state: 'completed', requested: 300 }, 'Completed. 300 replays were requested.', 100],
  ['one without a run', { state: 'completed', selected: 0, requested: 0 }, 'Completed. No run was selected.', 100],
] as const)('%s says how far it is', (_, changes, sentence, percent) => {
  expect(sentenceOfBulkReplay({ ...replay, ...changes })).toBe(sentence);
  expect(percentOf({ ...replay, ...changes })).toBe(percent);
});

test('a selection is named by its result or its code, and by its repository', () => {
  expect(titleOfSelection(selection)).toBe('Runs with the result “dispatching.yml could not be read”');
  const byCode = { ...selection, outcome: null, code: 'no-match', repository: 'acme/app' } as const;
  expect(titleOfSelection(byCode)).toBe('Runs of acme/app with the code no-match');
});

test('a dry run says how many runs are selected, and that nothing was changed', () => {
  const preview = { dryRun: true as const, until: selection.until, runs: [] };
  expect(sentenceOfPreview({ ...preview, selected: 0, more: false })).toBe('No run is selected.');
  expect(sentenceOfPreview({ ...preview, selected: 1, more: false })).toBe(
    '1 run is selected. Nothing was changed yet.',
  );
  expect(sentenceOfPreview({ ...preview, selected: 1_000, more: true })).toBe(
    'At least 1,000 runs are selected. Nothing was changed yet.',
  );
});

describe('the form', () => {
  const form: BulkReplayForm = {
    outcome: 'config-unreadable',
    code: '',
    repository: '',
    since: '24h',
    mode: 're-evaluate',
    perMinute: '60',
    reason: 'GitHub is back.',
  };
  const now = Date.parse('2026-11-28T12:00:30.000Z');

  test('is valid with a result, or with a code instead', () => {
    expect(problemsOfBulkReplay(form)).toEqual({});
    expect(problemsOfBulkReplay({ ...form, outcome: '', code: 'config-unreadable' })).toEqual({});
  });

  test.each([
    ['a code', { outcome: '', code: 'Not a code' }, 'code'],
    ['a repository', { repository: 'app' }, 'repository'],
    ['a rate', { perMinute: '601' }, 'perMinute'],
    ['a rate above zero', { perMinute: '0' }, 'perMinute'],
    ['a reason', { reason: ' ' }, 'reason'],
  ] as const)('asks for %s', (_, changes, field) => {
    expect(Object.keys(problemsOfBulkReplay({ ...form, ...changes }))).toEqual([field]);
  });

  test('becomes the request of a dry run', () => {
    expect(dryRunOf({ ...form, repository: ' acme/app ' }, now)).toEqual({
      mode: 're-evaluate',
      outcome: 'config-unreadable',
      repository: 'acme/app',
      since: '2026-11-27T12:00:00.000Z',
      perMinute: 60,
      reason: 'GitHub is back.',
      dryRun: true,
    });
    expect(dryRunOf({ ...form, outcome: '', code: 'no-match' }, now)).toMatchObject({ code: 'no-match' });
  });

  test('selects the same runs while only its rate or its reason changes', () => {
    expect(selectionKeyOf({ ...form, perMinute: '10', reason: 'Slowly.' })).toBe(selectionKeyOf(form));
    expect(selectionKeyOf({ ...form, since: '7d' })).not.toBe(selectionKeyOf(form));
  });
});
