import { describe, expect, test } from '@jest/globals';
import type { FinishedDispatch, Slot, LedgerState } from '@dispatcher/store';
import * as fc from 'fast-check';
import { nextStep } from './next-step.ts';

const windowMs = 60_000;
const now = 1_000_000;
const intent = { dispatchId: 'own', revision: 0 };
const slot = (change: Partial<Slot> = {}): Slot => ({
  pk: 'slot#1#cd.yml#main',
  dispatchId: 'own',
  holder: 'worker',
  begunAt: now - 5_000,
  leaseUntil: now + 25_000,
  startedAt: null,
  ...change,
});
const finished = (state: FinishedDispatch['state'], revision = 0): FinishedDispatch =>
  ({ dispatchId: 'own', state, revision }) as FinishedDispatch;
const step = (standing: Partial<LedgerState>, of = intent) =>
  nextStep({ dispatch: null, slot: null, ...standing }, of, now, windowMs);

describe('what to do with a dispatch', () => {
  test.each<[string, Partial<LedgerState>, object]>([
    ['nothing stands: begin', {}, { do: 'begin' }],
    ['it is accepted: tell it again', { dispatch: finished('accepted') }, { do: 'conclude' }],
    [
      'it is accepted without a run: never send it again',
      { dispatch: finished('accepted-unverified') },
      { do: 'conclude' },
    ],
    ['it is refused: tell it again', { dispatch: finished('failed') }, { do: 'conclude' }],
    ['another worker has it and its lease runs: queue', { slot: slot() }, { do: 'queue' }],
    ['another dispatch has the slot and its lease runs: queue', { slot: slot({ dispatchId: 'x' }) }, { do: 'queue' }],
    [
      'the lease is over, GitHub’s list may lag: wait for the window',
      { slot: slot({ leaseUntil: now - 1 }) },
      { do: 'wait', until: now - 1 + windowMs },
    ],
    ['lease and window are over: ask', { slot: slot({ leaseUntil: now - windowMs }) }, { do: 'ask', last: true }],
    [
      'another’s lease and window are over: ask on its behalf',
      { slot: slot({ dispatchId: 'x', leaseUntil: now - windowMs }) },
      { do: 'ask', last: true },
    ],
    [
      'GitHub said yes without naming the run: ask at once',
      { slot: slot({ startedAt: now }) },
      { do: 'ask', last: false },
    ],
    [
      'GitHub said yes to another without naming the run: leave the asking to it',
      { slot: slot({ dispatchId: 'x', startedAt: now }) },
      { do: 'wait', until: now + windowMs },
    ],
    [
      'GitHub said yes, and the window is over: ask a last time',
      { slot: slot({ startedAt: now - windowMs }) },
      { do: 'ask', last: true },
    ],
  ])('%s', (_, standing, expected) => {
    expect(step(standing)).toMatchObject(expected);
  });

  test('a later revision may send what was refused, and never what was accepted', () => {
    const later = { ...intent, revision: 1 };
    expect(step({ dispatch: finished('failed') }, later)).toEqual({ do: 'begin' });
    expect(step({ dispatch: finished('accepted') }, later)).toMatchObject({ do: 'conclude' });
    expect(step({ dispatch: finished('accepted-unverified') }, later)).toMatchObject({ do: 'conclude' });
    expect(step({ dispatch: finished('failed', 1) }, later)).toMatchObject({ do: 'conclude' });
  });

  test('whatever stands: nothing begins while a slot stands, and no slot is settled before lease and window are over', () => {
    const time = fc.integer({ min: 0, max: 2_000_000 });
    const anySlot = fc.record({
      pk: fc.constant('slot'),
      dispatchId: fc.constantFrom('own', 'other'),
      holder: fc.constant('h'),
      begunAt: time,
      leaseUntil: time,
      startedAt: fc.option(time),
    });
    let settled = 0;
    fc.assert(
      fc.property(anySlot, time, fc.integer({ min: 1_000, max: 120_000 }), (standing, at, window) => {
        const taken = nextStep({ dispatch: null, slot: standing }, intent, at, window);
        expect(['ask', 'queue', 'wait']).toContain(taken.do);
        if (taken.do === 'wait') expect(taken.until).toBeGreaterThan(at);
        if (taken.do !== 'ask' || !taken.last) return;
        settled += 1;
        expect(at).toBeGreaterThanOrEqual((standing.startedAt ?? standing.leaseUntil) + window);
      }),
      { numRuns: 1_000 },
    );
    expect(settled).toBeGreaterThan(50);
  });
});
