import { describe, expect, test } from '@jest/globals';
import { Status, type StatusFigures, statusOf } from './status.ts';

const now = Date.parse('2026-01-01T12:00:00.000Z');
const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString();
const well: StatusFigures = {
  rolledUpAt: ago(20),
  lastDeliveryAt: ago(12),
  checkedUntil: ago(60),
  queues: [{ queue: 'runs', waiting: 0, lastEmptyAt: ago(20) }],
  deadLetters: 0,
  started: 95,
  failed: 5,
  startedP95Ms: 4_100,
  gitHubRespondedAt: ago(40),
  unseenPolicies: [],
};

const failing = (figures: Partial<StatusFigures>) => {
  const { state, sentence, checks } = statusOf({ ...well, ...figures }, now);
  return { state, sentence, names: checks.filter((check) => check.state !== 'ok').map(({ name }) => name) };
};

describe('the status', () => {
  test('is ok if nothing needs an operator, and says when the last delivery came', () => {
    const status = statusOf(well, now);
    expect(Status.parse(status)).toEqual(status);
    expect(status).toMatchObject({ state: 'ok', sentence: 'Working. Last delivery 12 s ago.' });
    expect(status.checks.map(({ state }) => state)).toEqual(status.checks.map(() => 'ok'));
  });

  test('names who paused the dispatches and why, from the first moment', () => {
    const { sentence } = statusOf(
      { ...well, pause: { since: ago(0), operator: 'ada', reason: 'A bad release.' } },
      now,
    );
    expect(sentence).toBe('All dispatches are paused by ada: A bad release. Last delivery 12 s ago.');
  });

  test('says since when GitHub does not respond', () => {
    const { sentence } = statusOf({ ...well, gitHubRespondedAt: ago(600) }, now);
    expect(sentence).toContain('GitHub has not responded for 10 min. Runs wait and are tried again.');
  });

  test('is ok although a policy cannot be read, and the check says whose', () => {
    const { state, sentence, checks } = statusOf({ ...well, unseenPolicies: ['acme', 'octo'] }, now);
    expect([state, sentence]).toEqual(['ok', 'Working. Last delivery 12 s ago.']);
    expect(checks.find(({ name }) => name === 'policies')).toMatchObject({
      state: 'unknown',
      value: 2,
      message: expect.stringMatching(/^A policy of acme, octo could not be read: the App has no access/),
    });
  });

  test('of figures without names checks no policies', () => {
    const { unseenPolicies: _, ...others } = well;
    expect(statusOf(others, now).checks.map(({ name }) => name)).not.toContain('policies');
  });

  test('is ok on a quiet weekend', () => {
    const quiet = { lastDeliveryAt: ago(200_000), started: 0, failed: 0, startedP95Ms: null };
    expect(failing(quiet)).toMatchObject({ state: 'ok', sentence: 'Working. Last delivery 56 h ago.' });
  });

  test.each<[string, Partial<StatusFigures>, string]>([
    ['roll-up', { rolledUpAt: ago(301) }, 'critical'],
    ['pause', { pause: { since: ago(30), operator: 'ada', reason: 'A bad release.' } }, 'critical'],
    ['missed-deliveries', { checkedUntil: ago(601) }, 'critical'],
    ['github', { gitHubRespondedAt: ago(301) }, 'warning'],
    ['queue-runs', { queues: [{ queue: 'runs', waiting: 3, lastEmptyAt: ago(601) }] }, 'critical'],
    ['dead-letters', { deadLetters: 2 }, 'warning'],
    ['failed-dispatches', { started: 80, failed: 20 }, 'warning'],
    ['time-to-start', { startedP95Ms: 61_000 }, 'warning'],
  ])('has the check %s fail beyond its threshold', (name, figures, state) => {
    expect(failing(figures)).toMatchObject({ state, names: [name] });
  });

  test('does not fail for what is not known', () => {
    const unknown = {
      checkedUntil: null,
      queues: [{ queue: 'runs', waiting: 1, lastEmptyAt: null }],
      started: 1,
      failed: 1,
    };
    expect(failing(unknown)).toMatchObject({
      state: 'ok',
      names: ['missed-deliveries', 'queue-runs', 'failed-dispatches'],
    });
  });
});
