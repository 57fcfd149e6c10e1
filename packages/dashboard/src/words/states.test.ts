import { expect, test } from '@jest/globals';
import {
  isLeftToAnotherRun,
  type PlanCounts,
  stateOfConclusion,
  stateOfDelivery,
  stateOfDispatch,
  stateOfDecision,
  stateOfEffect,
  stateOfOutcome,
  stateOfRoute,
} from './states.ts';

test('skipped, cancelled, refused and failed differ in icon and word', () => {
  const states = [
    stateOfConclusion('skipped'),
    stateOfConclusion('cancelled'),
    stateOfEffect('deny'),
    stateOfConclusion('failure'),
  ];
  expect(new Set(states.map(({ icon }) => icon)).size).toBe(4);
  expect(new Set(states.map(({ word }) => word)).size).toBe(4);
});

test('a completed dispatch has the state of the run that it started', () => {
  expect(stateOfDispatch('completed', 'timed_out')).toEqual(stateOfConclusion('timed_out'));
  expect(stateOfDispatch('completed', null).word).toBe('No conclusion');
  expect(stateOfDispatch('accepted').word).toBe('Started');
});

test('a conclusion that GitHub adds one day is shown by its name', () => {
  expect(stateOfConclusion('waiting_for_moon')).toMatchObject({ word: 'waiting for moon', tone: 'quiet' });
});

test('a planned run is as refused as its routes are', () => {
  expect(stateOfOutcome('planned', { allowed: 2, denied: 0 }).word).toBe('Planned');
  expect(stateOfOutcome('planned', { allowed: 1, denied: 1 }).word).toBe('Partly refused');
  expect(stateOfOutcome('planned', { allowed: 0, denied: 2 })).toEqual(stateOfEffect('deny'));
});

test('a dry run is neither refused nor started', () => {
  const dryRun = stateOfDecision({ effect: 'deny', code: 'dry-run' });
  expect(dryRun.word).toBe('Dry run');
  expect(stateOfDecision({ effect: 'deny', code: 'inbound-no-match' })).toEqual(stateOfEffect('deny'));
  expect(stateOfDecision({ effect: 'allow', code: 'allowed' })).toEqual(stateOfEffect('allow'));
  expect(stateOfRoute('dry-run')).toEqual(dryRun);
  expect(stateOfOutcome('planned', { allowed: 0, denied: 2, dryRun: 2 })).toEqual(dryRun);
  expect(stateOfOutcome('planned', { allowed: 1, denied: 1, dryRun: 1 }).word).toBe('Planned');
  expect(stateOfOutcome('planned', { allowed: 0, denied: 2, dryRun: 1 })).toEqual(stateOfEffect('deny'));
});

test('what is left to another run of the commit is not refused', () => {
  const denied = (code: string) => stateOfDecision({ effect: 'deny', code });
  expect(denied('waiting-for-needs').word).toBe('Waiting for other workflows');
  expect(denied('already-dispatched')).toMatchObject({ word: 'Already dispatched', tone: 'quiet' });
  expect(['waiting-for-needs', 'already-dispatched', 'inbound-no-match'].map(isLeftToAnotherRun)).toEqual([
    true,
    true,
    false,
  ]);
  const stateOf = (counts: PlanCounts) => stateOfOutcome('planned', counts).word;
  expect(stateOf({ allowed: 0, denied: 2, leftToAnotherRun: 2 })).toBe('Left to another run');
  expect(stateOf({ allowed: 0, denied: 2, leftToAnotherRun: 1, dryRun: 1 })).toBe('Left to another run');
  expect(stateOf({ allowed: 1, denied: 1, leftToAnotherRun: 1 })).toBe('Planned');
  expect(stateOf({ allowed: 1, denied: 2, leftToAnotherRun: 1 })).toBe('Partly refused');
  expect(stateOf({ allowed: 0, denied: 2, leftToAnotherRun: 1 })).toBe('Refused');
});

test('what needs nobody is quiet', () => {
  for (const state of [stateOfOutcome('no-match'), stateOfDelivery('repeated'), stateOfConclusion('skipped')]) {
    expect(state.tone).toBe('quiet');
  }
});

test('a route has the state of its newest step', () => {
  expect(stateOfRoute('denied').word).toBe('Refused');
  expect(stateOfRoute('completed', 'success').word).toBe('Succeeded');
  expect(stateOfRoute('allowed').tone).toBe('attention');
});
