import { describe, expect, test } from '@jest/globals';
import {
  type Action,
  type ActionResponse,
  afterFailure,
  afterResponse,
  type Command,
  continueAction,
  countOutcomes,
  describeSelection,
  estimateRequestOf,
  handledOf,
  maxIdleRequests,
  percentOf,
  requestOf,
  sentenceOfAction,
  startAction,
  stopAction,
} from './action.ts';
import { actionableOf, sentenceOfEstimate } from './estimate.ts';

const time = '2026-11-28T09:00:00.000Z';
const command: Command = {
  kind: 'redrive',
  queue: 'decisions',
  select: { reason: 'attempts-exhausted' },
  quarantined: false,
  reason: 'INC-7: the target is back',
  before: time,
  estimate: 4,
};
const start = (changes: Partial<Command> = {}): Action => startAction({ ...command, ...changes }, 'action-1', time);

const deadLetter = (id: string, outcome: ActionResponse['deadLetters'][number]['outcome'] = 'redriven') => ({
  id,
  to: 'decisions',
  reason: 'attempts-exhausted' as const,
  since: time,
  redrives: 0,
  runKey: null,
  outcome,
  problem: null,
});
const response = (changes: Partial<ActionResponse> = {}): ActionResponse => ({
  actionId: 'action-1',
  dryRun: false,
  before: time,
  scanned: 4,
  newer: 0,
  outcomes: {},
  deadLetters: [],
  notFound: [],
  ended: 'completed',
  problem: null,
  more: false,
  queueDepth: null,
  ...changes,
});
const after = (action: Action, changes: Partial<ActionResponse>) => afterResponse(action, response(changes), time);

describe('an action on dead letters', () => {
  test('goes on while more remain, each request with the same id and time, and completes', () => {
    const first = start();
    expect(requestOf(first)).toMatchObject({ actionId: 'action-1', before: time, dryRun: false, quarantined: false });
    const second = after(first, { deadLetters: [deadLetter('a'), deadLetter('b')], ended: 'stopped', more: true });
    expect([second.state, percentOf(second)]).toEqual(['running', 50]);
    expect(requestOf(second)).toMatchObject({ actionId: 'action-1', before: time });
    const third = after(second, { deadLetters: [deadLetter('c'), deadLetter('d')] });
    expect([third.state, percentOf(third), third.endedAt]).toEqual(['completed', 100, time]);
  });

  test('a dead letter that stays is handled again and counts once', () => {
    const first = after(start(), { deadLetters: [deadLetter('a', 'quarantined')], ended: 'limit', more: true });
    const second = after(first, { deadLetters: [deadLetter('a', 'quarantined'), deadLetter('b')] });
    expect(countOutcomes(handledOf(second))).toEqual([
      ['quarantined', 1],
      ['redriven', 1],
    ]);
  });

  test('by ids: handled ones are left out of the next request, and it ends when none is open', () => {
    const first = start({ select: { ids: ['a', 'b', 'c'] } });
    const second = after(first, { deadLetters: [deadLetter('a')], notFound: ['b', 'c'], ended: 'stopped', more: true });
    // Not received before the time limit does not mean that they are gone.
    expect([second.notFound, requestOf(second).select]).toEqual([[], { ids: ['b', 'c'] }]);
    expect(after(second, { deadLetters: [deadLetter('b'), deadLetter('c')], ended: 'limit', more: true }).state).toBe(
      'completed',
    );
  });

  test('stop takes effect after the request in progress, and it can be continued', () => {
    const stopping = stopAction(start());
    expect(stopping.state).toBe('stopping');
    const stopped = after(stopping, { deadLetters: [deadLetter('a')], ended: 'stopped', more: true });
    expect([stopped.state, stopped.endedAt]).toEqual(['stopped', time]);
    expect(sentenceOfAction(stopped)).toBe('Stopped. 1 dead letter was redriven; what was sent stays sent.');
    expect(continueAction(stopped)).toMatchObject({ state: 'running', endedAt: null, idle: 0 });
    const completed = after(stopping, { deadLetters: [deadLetter('a')] });
    expect(continueAction(completed)).toBe(completed);
  });

  test('ends early when other readers hold the messages for too long', () => {
    let action = start();
    for (let index = 0; index < maxIdleRequests; index += 1) {
      expect(action.state).toBe('running');
      action = after(action, { ended: 'held', more: true });
    }
    expect([action.state, action.problem]).toEqual(['failed', expect.stringContaining('Other readers')]);
  });

  test('keeps the problem of a failed request', () => {
    expect(after(start(), { ended: 'failed', problem: 'EventBridge is down', more: true })).toMatchObject({
      state: 'failed',
      problem: 'EventBridge is down',
    });
    expect(afterFailure(start(), 'Could not reach Dispatcher.', time).state).toBe('failed');
  });

  test('a discard has no field that only a redrive has', () => {
    expect(requestOf(start({ kind: 'discard' }))).not.toHaveProperty('quarantined');
    expect(estimateRequestOf({ ...command, kind: 'discard' })).not.toHaveProperty('quarantined');
    expect(estimateRequestOf(command)).toMatchObject({ dryRun: true, quarantined: false });
  });
});

test('the estimate names what would happen, and what would stay', () => {
  const deadLetters = [deadLetter('a'), deadLetter('b', 'quarantined'), deadLetter('c', 'quarantined')];
  expect(actionableOf({ deadLetters })).toBe(1);
  expect(sentenceOfEstimate('redrive', response({ deadLetters, notFound: ['d'] }))).toBe(
    '1 dead letter would be redriven. 2 are quarantined because they were redriven three times, and stay. 1 is not in the queue any more.',
  );
  const more = response({ deadLetters: [deadLetter('a', 'discarded')], more: true });
  expect(sentenceOfEstimate('discard', more)).toBe('At least 1 dead letter would be discarded.');
  expect(sentenceOfEstimate('redrive', response())).toBe('No dead letter is selected: nothing would happen.');
});

test('a selection in words', () => {
  const describe = (select: Command['select']) => describeSelection(select, (reason) => reason.toUpperCase());
  expect(describe({ ids: ['a', 'b'] })).toBe('2 selected dead letters');
  expect(describe({ reason: 'died' })).toBe('all with the reason “DIED”');
  expect(describe({ olderThanSeconds: 3_600 })).toBe('all older than 1 hour');
  expect(describe({ olderThanSeconds: 7 * 86_400 })).toBe('all older than 7 days');
});
