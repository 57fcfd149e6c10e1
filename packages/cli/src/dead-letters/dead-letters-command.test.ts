import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  type DeadLetterMessage,
  type DeadLetterActionResult,
  type DeadLetterCommand,
  parseDeadLetter,
  type DeadLetterOutcome,
} from '@dispatcher/dead-letters';
import type { DeadLetter } from '@dispatcher/store';
import { BadInput } from '../command.ts';
import type { DeadLetterOperations } from './dead-letter-operations.ts';
import { createDeadLetters } from './dead-letters-command.ts';

const now = Date.parse('2026-11-20T12:00:00.000Z');

function told(number: number, change: Partial<DeadLetter> = {}): DeadLetter {
  return {
    deadLetterId: `letter-${number}`,
    queue: 'decisions',
    messageId: `m-${number}`,
    reason: 'attempts-exhausted',
    detail: 'HttpError: 502',
    attempts: 6,
    redrives: 0,
    deadLetteredAt: `2026-11-20T11:0${number}:00.000Z`,
    deliveryId: `guid-${number}`,
    runKey: `11-${number}-1`,
    state: 'open',
    stateAt: `2026-11-20T11:0${number}:00.000Z`,
    ...change,
  };
}

const decisionsQueue = { name: 'decisions', deadLetterUrl: 'dead', destinations: { decisions: 'alive' } };

function deadLetter(number: number, body = '{"version":1,"runKey":"11-1-1"}'): DeadLetterMessage {
  return parseDeadLetter(decisionsQueue, {
    MessageId: `letter-${number}`,
    Body: body,
    Attributes: { SentTimestamp: String(now) },
  });
}

let commands: DeadLetterCommand[];
let recorded: DeadLetter[];
let held: number;
let met: { deadLetter: DeadLetterMessage; outcome: DeadLetterOutcome; problem: string | null }[];
let result: Partial<DeadLetterActionResult>;
beforeEach(() => {
  commands = [];
  recorded = [];
  held = 0;
  met = [];
  result = {};
});

const operations: DeadLetterOperations = {
  recorded: async (queue) => (queue === 'decisions' ? recorded : []),
  count: async (queue) => ({ waiting: queue === 'decisions' ? held : 0, inFlight: 0 }),
  find: async (queue, id) => (queue === 'decisions' && id === 'letter-1' ? deadLetter(1) : null),
  apply: async (_, command, { onDeadLetter }) => {
    commands.push(command);
    const outcomes = { redriven: 0, discarded: 0, quarantined: 0, misplaced: 0, failed: 0 };
    for (const { deadLetter, outcome, problem } of met) {
      outcomes[outcome] += 1;
      onDeadLetter?.(deadLetter, outcome, problem);
    }
    return { scanned: met.length, outcomes, notFound: [], ended: 'completed', problem: null, ...result };
  },
};

async function run(args: readonly string[], change: Partial<DeadLetterOperations> = {}) {
  let out = '';
  let err = '';
  const command = createDeadLetters({
    operations: async () => ({ ...operations, ...change }),
    user: () => 'octocat',
    now: () => now,
    newId: () => 'action-1',
    stopped: () => new AbortController().signal,
  });
  const code = await command.run(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    readFile: () => new Uint8Array(),
  });
  return { code, out, err };
}

const because = ['--reason', 'the target is back'];
const decisions = ['--queue', 'decisions'];

describe('list', () => {
  test('groups what is still there by reason, with count, span and the newest of them', async () => {
    recorded = [
      told(5),
      told(4, { reason: 'died', redrives: 3, state: 'quarantined' }),
      told(3, { state: 'redriven' }),
      told(2),
      told(1, { state: 'discarded' }),
    ];
    held = 3;
    const { code, out } = await run(['list']);
    expect(code).toBe(0);
    expect(out).toContain('decisions: 3 recorded, 3 in the dead-letter queue\n');
    expect(out).toContain('attempts-exhausted: 2, 2026-11-20T11:02:00.000Z to 2026-11-20T11:05:00.000Z');
    expect(out).toContain('newest    letter-5, attempts 6, redrives 0\n    delivery  guid-5, run 11-5-1');
    expect(out).toContain('letter-4 (quarantined)');
    expect(out).toContain('detail    HttpError: 502');
    expect(out).not.toContain('DIFFERENCE');
  });

  test.each([
    [3, '2 more than the facts tell of'],
    [0, '1 fewer than the facts tell of'],
  ])('shows a difference where the queue holds %i and the facts tell of one', async (count, sentence) => {
    recorded = [told(1)];
    held = count;
    expect((await run(['list', '--queue', 'decisions'])).out).toContain(`DIFFERENCE: ${sentence}`);
  });

  test('says how to see events that were not handed over and that no fact tells of yet', async () => {
    const { out } = await run(['list', '--queue', 'undelivered-events'], {
      count: async () => ({ waiting: 2, inFlight: 0 }),
    });
    expect(out).toContain(
      'undelivered-events: 0 recorded, 2 in the dead-letter queue\n  DIFFERENCE: 2 more than the facts tell of. New ones',
    );
    expect(out).toContain('dispatcher dead-letters redrive --queue bus --all --reason look');
  });

  test('is JSON for a program', async () => {
    recorded = [told(2), told(1)];
    held = 3;
    const { out } = await run(['list', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      queues: [
        { queue: 'runs', recorded: 0, groups: [] },
        {
          queue: 'decisions',
          recorded: 2,
          queueDepth: { waiting: 3, inFlight: 0 },
          difference: 1,
          groups: [{ reason: 'attempts-exhausted', count: 2, sample: { deadLetterId: 'letter-2' } }],
        },
        { queue: 'facts' },
        { queue: 'undelivered-events' },
      ],
    });
  });

  test('writes no control character of a message to the terminal', async () => {
    recorded = [told(1, { detail: 'x\u001b[2J\u202e', deliveryId: 'a\nb' })];
    const { out } = await run(['list']);
    expect(out).toContain('x\\u001b[2J\\u202e');
    expect(out).toContain('a\\u000ab');
  });
});

describe('inspect', () => {
  test('shows everything, the whole message included, whichever queue it is in', async () => {
    const { code, out } = await run(['inspect', 'letter-1']);
    expect(code).toBe(0);
    expect(out).toContain('unrecorded: nothing says why it is here');
    expect(out).toContain('{\n  "version": 1,\n  "runKey": "11-1-1"\n}\n');
    const json = await run(['inspect', 'letter-1', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ id: 'letter-1', body: '{"version":1,"runKey":"11-1-1"}' });
    expect(JSON.parse(json.out)).not.toHaveProperty('message');
    expect(out).toMatch(/^goes to +decisions$/m);
  });

  test('of a letter that is not there is 1 and a sentence', async () => {
    expect(await run(['inspect', 'letter-9'])).toMatchObject({ code: 1, err: expect.stringContaining('letter-9') });
  });
});

describe('redrive and discard', () => {
  test('without --yes only say what they would do', async () => {
    met = [{ deadLetter: deadLetter(1), outcome: 'redriven', problem: null }];
    held = 1;
    const { code, out } = await run(['redrive', ...decisions, '--all', ...because]);
    expect(commands).toMatchObject([{ action: 'redrive', dryRun: true }]);
    expect(code).toBe(0);
    expect(out).toContain('letter-1  unrecorded, since 2026-11-20T12:00:00.000Z');
    expect(out).toContain('It would be: 1 redriven.');
    expect(out).toContain('Nothing was changed. Add --yes to do it.\nNow 1 in the dead-letter queue of decisions.');
  });

  test('say of an event that was not handed over which queue it is for', async () => {
    met = [
      {
        deadLetter: { ...deadLetter(1), queue: 'undelivered-events', reason: 'no-permissions' },
        outcome: 'redriven',
        problem: null,
      },
    ];
    const { out } = await run([
      'redrive',
      '--queue',
      'undelivered-events',
      '--dead-letter-reason',
      'no-permissions',
      ...because,
    ]);
    expect(commands).toMatchObject([{ select: { reason: 'no-permissions' }, dryRun: true }]);
    expect(out).toContain('letter-1  no-permissions, for decisions, since');
  });

  test('with --yes do it under one action, with who and why, and show how far they are', async () => {
    met = Array.from({ length: 25 }, (_, number) => ({
      deadLetter: deadLetter(number),
      outcome: 'discarded',
      problem: null,
    }));
    const { out } = await run(['discard', ...decisions, '--older-than', '2h', ...because, '--as', 'ada', '--yes']);
    expect(commands).toEqual([
      {
        action: 'discard',
        select: { olderThanSeconds: 7_200 },
        actionId: 'action-1',
        operator: 'ada',
        reason: 'the target is back',
        quarantined: false,
        limit: 1_000,
        dryRun: false,
      },
    ]);
    expect(out).toContain('10 letters …\n20 letters …\nAction action-1: 25 discarded.');
  });

  test('name letters by their ids, and quarantined ones too', async () => {
    await run(['redrive', ...decisions, '--id', 'a', '--id', 'b', '--quarantined', ...because, '--yes']);
    expect(commands).toMatchObject([{ select: { ids: ['a', 'b'] }, quarantined: true, operator: 'octocat' }]);
  });

  test('say of each letter that stays why it does', async () => {
    met = [
      { deadLetter: deadLetter(1), outcome: 'quarantined', problem: null },
      { deadLetter: deadLetter(2), outcome: 'misplaced', problem: null },
    ];
    const { code, err } = await run(['redrive', ...decisions, '--dead-letter-reason', 'died', ...because, '--yes']);
    expect(code).toBe(0);
    expect(err).toContain('letter-1  quarantined: redriven three times');
    expect(err).toContain('letter-2  left alone: it came from another queue');
  });

  test.each([
    ['a letter that failed', { ended: 'completed' }, 'failed', 1, 'letter-1  failed and still there: no network'],
    ['an early end', { ended: 'failed', problem: 'no network' }, null, 1, 'It ended early: no network.'],
    ['an id that was not met', { notFound: ['gone'] }, null, 1, 'Not met: gone.'],
    ['Ctrl-C', { ended: 'stopped' }, null, 130, 'The same command goes on with what is left.'],
    ['the limit', { ended: 'limit' }, null, 0, 'The limit was met. The same command goes on'],
  ] as const)('after %s, say so by their exit code and a sentence', async (_, change, outcome, code, sentence) => {
    result = change;
    if (outcome !== null) met = [{ deadLetter: deadLetter(1), outcome, problem: 'no network' }];
    const ended = await run(['redrive', ...decisions, '--all', ...because, '--yes']);
    expect(ended.code).toBe(code);
    expect(ended.out + ended.err).toContain(sentence);
  });

  test.each([
    ['nothing to do', []],
    ['an unknown action', ['purge']],
    ['no queue', ['redrive', '--all', ...because]],
    ['an unknown queue', ['redrive', '--queue', 'letters', '--all', ...because]],
    ['no selection', ['redrive', ...decisions, ...because]],
    ['two selections', ['redrive', ...decisions, '--all', '--id', 'a', ...because]],
    ['an unknown dead-letter reason', ['redrive', ...decisions, '--dead-letter-reason', 'boredom', ...because]],
    ['an age without a unit', ['discard', ...decisions, '--older-than', '2', ...because]],
    ['no reason', ['redrive', ...decisions, '--all', '--yes']],
    ['an empty reason', ['redrive', ...decisions, '--all', '--reason', ' ']],
    ['a reason that is too long', ['redrive', ...decisions, '--all', '--reason', 'x'.repeat(1_001)]],
    ['quarantined letters without their ids', ['redrive', ...decisions, '--all', '--quarantined', ...because]],
    ['quarantined letters to discard', ['discard', ...decisions, '--id', 'a', '--quarantined', ...because]],
    ['no limit', ['redrive', ...decisions, '--all', '--limit', '0', ...because]],
    ['a pace of none', ['redrive', ...decisions, '--all', '--per-second', '0.5', ...because]],
    ['an unknown option', ['redrive', ...decisions, '--all', '--force', ...because]],
    ['no letter to inspect', ['inspect']],
  ])('nothing is done for %s', async (_, args) => {
    await expect(run(args)).rejects.toBeInstanceOf(BadInput);
    expect(commands).toEqual([]);
  });

  test('a system that does not answer is 1 and a sentence', async () => {
    const refuse = async () => Promise.reject(new Error('connect ECONNREFUSED'));
    const { code, err } = await run(['list'], { count: refuse });
    expect(code).toBe(1);
    expect(err).toContain('The system could not be asked: connect ECONNREFUSED');
  });
});
