import { describe, expect, test } from '@jest/globals';
import type { IssueRecord, IssueResult } from '@dispatcher/store';
import * as fc from 'fast-check';
import { hasStarted, type NewResult, nextIssueStep, withResult } from './issue-step.ts';

const at = (minute: number) => new Date(Date.parse('2026-01-02T00:00:00Z') + minute * 60_000).toISOString();
const result = (minute: number, code: IssueResult['code'] = 'inbound-branch'): NewResult => ({
  decidedId: `d${minute}`,
  endedAt: at(minute),
  runUrl: `https://github.example/runs/${minute}`,
  code,
});
const record = (state: IssueRecord['state'], ...results: NewResult[]): IssueRecord => ({
  number: 1,
  htmlUrl: 'https://github.example/issues/1',
  state,
  results: results.map((each) => ({ ...each, action: 'updated' })),
});

describe('the next step of a route’s issue', () => {
  test.each<[string, IssueRecord | null, NewResult, object]>([
    ['a problem without an issue', null, result(1), { do: 'open' }],
    ['a start without an issue', null, result(1, 'allowed'), { do: 'nothing', recorded: null }],
    ['a repeated problem', record('open', result(1)), result(1), { do: 'nothing', recorded: { decidedId: 'd1' } }],
    ['the same result from a newer run', record('open', result(1)), result(2), { do: 'shown' }],
    ['the same code with another message', record('open', result(1)), { ...result(2), detail: 'x' }, { do: 'refresh' }],
    ['another code from a newer run', record('open', result(1)), result(2, 'inbound-ref'), { do: 'update' }],
    ['a problem of an older run', record('open', result(2)), result(1, 'inbound-ref'), { do: 'note' }],
    ['a start of a newer run', record('open', result(1)), result(2, 'allowed'), { do: 'close' }],
    ['a start of an older run', record('open', result(2)), result(1, 'allowed'), { do: 'note' }],
    ['a problem after the issue was closed', record('closed', result(2, 'allowed')), result(3), { do: 'update' }],
    ['a problem from before the issue was closed', record('closed', result(2, 'allowed')), result(1), { do: 'note' }],
    [
      'a start with a closed issue',
      record('closed', result(1)),
      result(2, 'allowed'),
      { do: 'nothing', recorded: null },
    ],
  ])('%s', (_, before, newResult, expected) => {
    expect(nextIssueStep(before, newResult, null)).toMatchObject(expected);
  });

  test.each([
    ['older than the newest result in the table', 1, 'shown'],
    ['between that result and the new one', 3, 'note'],
    ['newer than the new result, beside which an older one may wait', 5, 'note'],
  ])('the same result while a start waits that is %s', (_, waiting, expected) => {
    const step = nextIssueStep(record('open', result(2)), result(4), Date.parse(at(waiting)));
    expect(step).toEqual({ do: expected });
  });

  test('in any order and with any repeats, and although starts wait, the issue ends in the state of the newest result', () => {
    let waiting: number | null = null;
    const apply = (before: IssueRecord | null, newResult: NewResult): IssueRecord | null => {
      const step = nextIssueStep(before, newResult, waiting);
      if (step.do === 'nothing' || step.do === 'shown') return before;
      const state = step.do === 'note' ? (before?.state ?? 'open') : step.do === 'close' ? 'closed' : 'open';
      return { ...record(state), results: withResult(before?.results ?? [], { ...newResult, action: 'updated' }) };
    };
    /** A start that cannot be carried out yet says so if it would close the issue. */
    const wait = (before: IssueRecord | null, start: NewResult): void => {
      if (!hasStarted(start) || nextIssueStep(before, start, null).do !== 'close') return;
      waiting = Math.max(waiting ?? 0, Date.parse(start.endedAt));
    };
    const codes = fc.array(fc.constantFrom('inbound-branch', 'allowed'), { minLength: 1, maxLength: 8 });
    const places = fc.array(fc.nat(100), { minLength: 8, maxLength: 8 });
    let closed = 0;
    fc.assert(
      fc.property(codes, fc.array(fc.nat(100), { maxLength: 20 }), places, places, (wanted, order, waits, ends) => {
        const results = wanted.map((code, minute) => result(minute, code as IssueResult['code']));
        // Before the first problem there is no issue, so it comes first. After that, any order is possible.
        const first = results.find((each) => !hasStarted(each));
        if (first === undefined) return;
        waiting = null;
        const shuffled = [first, ...order.map((place) => results[place % results.length] ?? first)];
        let ended = shuffled.reduce(apply, null);
        // Then all in their order, but some starts wait, and end in any order after the other results.
        const late: NewResult[] = [];
        for (const [index, each] of results.entries()) {
          if (hasStarted(each) && (waits[index] ?? 0) % 2 === 0) {
            late.push(each);
            wait(ended, each);
          } else ended = apply(ended, each);
        }
        for (const place of ends) {
          const [each] = late.splice(place % Math.max(1, late.length), 1);
          if (each !== undefined) ended = apply(ended, each);
        }
        expect(late).toEqual([]);
        const newest = results.at(-1);
        if (newest !== undefined && hasStarted(newest)) closed += 1;
        expect(ended?.state).toBe(newest !== undefined && hasStarted(newest) ? 'closed' : 'open');
      }),
      { numRuns: 500 },
    );
    expect(closed).toBeGreaterThan(50);
  });

  test('the table contains the last ten results, newest first', () => {
    let results: IssueResult[] = [];
    for (const minute of [5, 1, 9, 3, 12, 7, 11, 2, 8, 4, 10, 6]) {
      results = withResult(results, { ...result(minute), action: 'updated' });
    }
    expect(results.map(({ endedAt }) => endedAt)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map(at));
  });
});
