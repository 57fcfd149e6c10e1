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

describe('the next step of a dispatch', () => {
  test.each<[string, Partial<LedgerState>, object]>([
    ['no slot: begin', {}, { do: 'begin' }],
    ['accepted: conclude', { dispatch: finished('accepted') }, { do: 'conclude' }],
    [
      'accepted without a run: conclude, never send again',
      { dispatch: finished('accepted-unverified') },
      { do: 'conclude' },
    ],
    ['refused: conclude', { dispatch: finished('failed') }, { do: 'conclude' }],
    ['slot held by another worker, lease valid: queue', { slot: slot() }, { do: 'queue' }],
    ['slot held by another dispatch, lease valid: queue', { slot: slot({ dispatchId: 'x' }) }, { do: 'queue' }],
    [
      'lease over, run list may lag: wait for the end of the window',
      { slot: slot({ leaseUntil: now - 1 }) },
      { do: 'wait', until: now - 1 + windowMs },
    ],
    [
      'lease and window over: reconcile',
      { slot: slot({ leaseUntil: now - windowMs }) },
      { do: 'reconcile', isFinal: true },
    ],
    [
      'lease and window of another dispatch over: reconcile it',
      { slot: slot({ dispatchId: 'x', leaseUntil: now - windowMs }) },
      { do: 'reconcile', isFinal: true },
    ],
    [
      'accepted by GitHub without a run id: reconcile at once',
      { slot: slot({ startedAt: now }) },
      { do: 'reconcile', isFinal: false },
    ],
    [
      'another dispatch accepted without a run id: wait until that one has reconciled',
      { slot: slot({ dispatchId: 'x', startedAt: now }) },
      { do: 'wait', until: now + windowMs },
    ],
    [
      'accepted without a run id, window over: reconcile a last time',
      { slot: slot({ startedAt: now - windowMs }) },
      { do: 'reconcile', isFinal: true },
    ],
  ])('%s', (_, standing, expected) => {
    expect(step(standing)).toMatchObject(expected);
  });

  test('a later revision sends a refused dispatch again, never an accepted one', () => {
    const later = { ...intent, revision: 1 };
    expect(step({ dispatch: finished('failed') }, later)).toEqual({ do: 'begin' });
    expect(step({ dispatch: finished('accepted') }, later)).toMatchObject({ do: 'conclude' });
    expect(step({ dispatch: finished('accepted-unverified') }, later)).toMatchObject({ do: 'conclude' });
    expect(step({ dispatch: finished('failed', 1) }, later)).toMatchObject({ do: 'conclude' });
  });

  test('for any slot: nothing begins while it exists, and it is not settled before lease and window are over', () => {
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
      fc.property(anySlot, time, fc.integer({ min: 1_000, max: 120_000 }), (slot, at, window) => {
        const next = nextStep({ dispatch: null, slot }, intent, at, window);
        expect(['reconcile', 'queue', 'wait']).toContain(next.do);
        if (next.do === 'wait') expect(next.until).toBeGreaterThan(at);
        if (next.do !== 'reconcile' || !next.isFinal) return;
        settled += 1;
        expect(at).toBeGreaterThanOrEqual((slot.startedAt ?? slot.leaseUntil) + window);
      }),
      { numRuns: 1_000 },
    );
    expect(settled).toBeGreaterThan(50);
  });
});
