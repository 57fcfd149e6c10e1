import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  type DeadLetterMessage,
  type DeadLetterCommand,
  parseDeadLetter,
  type DeadLetterOutcome,
} from '@dispatcher/dead-letters';
import type { DeadLetter } from '@dispatcher/store';
import { UsageError } from '../command.ts';
import { processContext } from '../context/command-context.ts';
import type { ActionResult, DeadLetterOperations } from './dead-letter-operations.ts';
import { deadLettersCommand } from './dead-letters-command.ts';

const now = Date.parse('2026-11-20T12:00:00.000Z');

function recordedDeadLetter(number: number, change: Partial<DeadLetter> = {}): DeadLetter {
  return {
    deadLetterId: `dead-letter-${number}`,
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
    MessageId: `dead-letter-${number}`,
    Body: body,
    Attributes: { SentTimestamp: String(now) },
  });
}

let commands: DeadLetterCommand[];
let recorded: DeadLetter[];
let waiting: number;
let selected: { deadLetter: DeadLetterMessage; outcome: DeadLetterOutcome; problem: string | null }[];
let result: Partial<ActionResult>;
beforeEach(() => {
  commands = [];
  recorded = [];
  waiting = 0;
  selected = [];
  result = {};
});

const operations: DeadLetterOperations = {
  recorded: async (queue) => (queue === 'decisions' ? recorded : []),
  count: async (queue) => ({ waiting: queue === 'decisions' ? waiting : 0, inFlight: 0 }),
  find: async (queue, id) =>
    queue === 'decisions' && id === 'dead-letter-1'
      ? { state: 'found', deadLetter: deadLetter(1) }
      : { state: 'absent' },
  apply: async (_, command, { onDeadLetter }) => {
    commands.push(command);
    const outcomes = { redriven: 0, discarded: 0, quarantined: 0, misplaced: 0, failed: 0 };
    for (const { deadLetter, outcome, problem } of selected) {
      outcomes[outcome] += 1;
      onDeadLetter?.(deadLetter, outcome, problem);
    }
    const { actionId, before } = command;
    const completed = { newer: 0, notFound: [], ended: 'completed', problem: null } as const;
    return { scanned: selected.length, outcomes, ...completed, actionIds: [actionId], before, ...result };
  },
};

async function run(args: readonly string[], change: Partial<DeadLetterOperations> = {}) {
  let out = '';
  let err = '';
  const command = deadLettersCommand({
    operations: async () => ({ ...operations, ...change }),
    user: () => 'octocat',
    now: () => now,
    newId: () => 'action-1',
    stopped: () => new AbortController().signal,
    context: processContext,
    sleep: async () => {},
  });
  const code = await command.run(args.length === 0 ? args : [...args, '--direct'], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    readFile: () => new Uint8Array(),
  });
  return { code, out, err };
}

const because = ['--reason', 'the target is back'];
const decisions = ['--queue', 'decisions'];

test('a private key in the reason is recorded as [redacted], and the command says so', async () => {
  const pem = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----';
  const { err } = await run(['redrive', ...decisions, '--all', '--yes', '--reason', `new key: ${pem}`]);
  expect(commands).toMatchObject([{ reason: 'new key: [redacted]' }]);
  expect(err).toMatch(/contained a secret.*Revoke/);
});

describe('list', () => {
  test('groups open dead letters by reason, with count, time span and the newest one', async () => {
    recorded = [
      recordedDeadLetter(5),
      recordedDeadLetter(4, { reason: 'died', redrives: 3, state: 'quarantined' }),
      recordedDeadLetter(3, { state: 'redriven' }),
      recordedDeadLetter(2),
      recordedDeadLetter(1, { state: 'discarded' }),
    ];
    waiting = 3;
    const { code, out } = await run(['list']);
    expect(code).toBe(0);
    expect(out).toContain('decisions: 3 recorded, 3 in the dead-letter queue\n');
    expect(out).toContain('attempts-exhausted: 2, 2026-11-20T11:02:00.000Z to 2026-11-20T11:05:00.000Z');
    expect(out).toContain('newest    dead-letter-5, attempts 6, redrives 0\n    delivery  guid-5, run 11-5-1');
    expect(out).toContain('dead-letter-4 (quarantined)');
    expect(out).toContain('detail    HttpError: 502');
    expect(out).not.toContain('DIFFERENCE');
  });

  test.each([0, 1, 2, 3, 4, 5, 6])(
    'does not cut a long detail inside an escape, %i characters before the limit',
    async (before) => {
      recorded = [recordedDeadLetter(1, { detail: `${'x'.repeat(300 - before)}é and more` })];
      const { out } = await run(['list', '--queue', 'decisions']);
      const escape = before === 6 ? '\\u00e9' : '';
      expect(out).toContain(`    detail    ${'x'.repeat(300 - before)}${escape}…\n`);
    },
  );

  test('shows a detail of up to 300 characters whole', async () => {
    const detail = `${'x'.repeat(299)}\\`;
    recorded = [recordedDeadLetter(1, { detail })];
    expect((await run(['list', '--queue', 'decisions'])).out).toContain(`    detail    ${detail}\n`);
  });

  test.each([
    [3, '2 more than recorded'],
    [0, '1 fewer than recorded'],
  ])('shows the difference if the queue has %i messages and one is recorded', async (count, sentence) => {
    recorded = [recordedDeadLetter(1)];
    waiting = count;
    expect((await run(['list', '--queue', 'decisions'])).out).toContain(`DIFFERENCE: ${sentence}`);
  });

  test('says how to list undelivered events that are not recorded yet', async () => {
    const { out } = await run(['list', '--queue', 'undelivered-events'], {
      count: async () => ({ waiting: 2, inFlight: 0 }),
    });
    expect(out).toContain(
      'undelivered-events: 0 recorded, 2 in the dead-letter queue\n  DIFFERENCE: 2 more than recorded. New ones',
    );
    expect(out).toContain('dispatcher dead-letters redrive --queue undelivered-events --all --reason "dry run"');
  });

  test('prints JSON with --json', async () => {
    recorded = [recordedDeadLetter(2), recordedDeadLetter(1)];
    waiting = 3;
    const { out } = await run(['list', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      queues: [
        { queue: 'runs', recorded: 0, groups: [] },
        { queue: 'hints', recorded: 0, groups: [] },
        {
          queue: 'decisions',
          recorded: 2,
          queueDepth: { waiting: 3, inFlight: 0 },
          difference: 1,
          groups: [{ reason: 'attempts-exhausted', count: 2, sample: { deadLetterId: 'dead-letter-2' } }],
        },
        { queue: 'facts' },
        { queue: 'undelivered-events' },
      ],
    });
  });

  test('escapes control characters of a message', async () => {
    recorded = [recordedDeadLetter(1, { detail: 'x\u001b[2J\u202e', deliveryId: 'a\nb' })];
    const { out } = await run(['list']);
    expect(out).toContain('x\\u001b[2J\\u202e');
    expect(out).toContain('a\\u000ab');
  });
});

describe('inspect', () => {
  test('prints all fields and the whole message, whichever queue it is in', async () => {
    const { code, out } = await run(['inspect', 'dead-letter-1']);
    expect(code).toBe(0);
    expect(out).toContain('unrecorded: no fact says why it is here');
    expect(out).toContain('{\n  "version": 1,\n  "runKey": "11-1-1"\n}\n');
    const json = await run(['inspect', 'dead-letter-1', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ id: 'dead-letter-1', body: '{"version":1,"runKey":"11-1-1"}' });
    expect(out).toMatch(/^redrives to +decisions$/m);
  });

  test('of an unknown dead letter exits with 1 and names it', async () => {
    expect(await run(['inspect', 'dead-letter-9'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /^Dead letter dead-letter-9 is in no dead-letter queue .* redriven, discarded or deleted/,
      ),
    });
  });

  test('looks into every queue before it waits for one, and says that it waits', async () => {
    const searched: string[] = [];
    const find: DeadLetterOperations['find'] = async (queue, _, { waitForHeld }) => {
      searched.push(`${queue}${waitForHeld === undefined ? '' : ', waiting'}`);
      if (queue !== 'undelivered-events' || waitForHeld === undefined) return { state: 'absent' };
      expect(waitForHeld.maxMs).toBeGreaterThan(60_000);
      waitForHeld.onWait?.(3);
      return { state: 'found', deadLetter: deadLetter(1) };
    };
    const { code, out, err } = await run(['inspect', 'dead-letter-1'], { find });
    expect({ code, err }).toEqual({
      code: 0,
      err: 'Another reader holds 3 messages of undelivered-events. Waiting for up to 60 s …\n',
    });
    expect(out).toContain('dead-letter-1');
    const queues = ['runs', 'hints', 'decisions', 'facts', 'undelivered-events'];
    expect(searched).toEqual([...queues, ...queues.map((queue) => `${queue}, waiting`)]);
  });

  test('does not say that a dead letter is gone while another reader holds messages', async () => {
    const find: DeadLetterOperations['find'] = async () => ({ state: 'held', held: 2 });
    const { code, err } = await run(['inspect', 'dead-letter-1', ...decisions], { find });
    expect(code).toBe(1);
    expect(err).toContain('not received within 60 s: another reader still holds 2 messages');
    expect(err).not.toContain('is in no');
  });
});

describe('redrive and discard', () => {
  test('without --yes only print what they would do', async () => {
    selected = [{ deadLetter: deadLetter(1), outcome: 'redriven', problem: null }];
    waiting = 1;
    const { code, out } = await run(['redrive', ...decisions, '--all', ...because]);
    expect(commands).toMatchObject([{ action: 'redrive', dryRun: true }]);
    expect(code).toBe(0);
    expect(out).toContain('dead-letter-1  unrecorded, since 2026-11-20T12:00:00.000Z');
    expect(out).toContain('Dry run: 1 redriven.');
    expect(out).toContain(
      'Nothing was changed. To execute it for exactly these, add: --before 2026-11-20T12:00:00.000Z --yes\nNow 1 in the dead-letter queue of decisions.',
    );
  });

  test('name the target queue of an undelivered event', async () => {
    selected = [
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
    expect(out).toContain('dead-letter-1  no-permissions, for decisions, since');
  });

  test('with --yes execute one action with operator and reason, and print progress', async () => {
    selected = Array.from({ length: 25 }, (_, number) => ({
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
        before: '2026-11-20T12:00:00.000Z',
        limit: 1_000,
        dryRun: false,
      },
    ]);
    expect(out).toContain('10 dead letters …\n20 dead letters …\nAction action-1: 25 discarded.');
  });

  test('select dead letters by id, including quarantined ones', async () => {
    await run(['redrive', ...decisions, '--id', 'a', '--id', 'b', '--quarantined', ...because, '--yes']);
    expect(commands).toMatchObject([{ select: { ids: ['a', 'b'] }, quarantined: true, operator: 'octocat' }]);
  });

  test('with --before select what the dry run of that time listed; a later time than now has no effect', async () => {
    for (const time of ['2026-11-20T11:00:00Z', '2026-11-21T00:00:00.000Z'])
      await run(['redrive', ...decisions, '--all', '--before', time, ...because, '--yes']);
    expect(commands).toMatchObject([
      { before: '2026-11-20T11:00:00.000Z', dryRun: false },
      { before: '2026-11-20T12:00:00.000Z', dryRun: false },
    ]);
  });

  test('say why a dead letter remains', async () => {
    selected = [
      { deadLetter: deadLetter(1), outcome: 'quarantined', problem: null },
      { deadLetter: deadLetter(2), outcome: 'misplaced', problem: null },
    ];
    const { code, err } = await run(['redrive', ...decisions, '--dead-letter-reason', 'died', ...because, '--yes']);
    expect(code).toBe(0);
    expect(err).toContain('dead-letter-1  quarantined: redriven three times');
    expect(err).toContain('dead-letter-2  misplaced: it names another source queue');
  });

  test.each([
    [
      'a dead letter that failed',
      { ended: 'completed' },
      'failed',
      1,
      'dead-letter-1  failed, and remains in the queue: no network',
    ],
    ['an early end', { ended: 'failed', problem: 'no network' }, null, 1, 'The action failed: no network.'],
    ['an id that is gone', { notFound: ['gone'] }, null, 1, 'Not in the queue: gone. It was redriven, discarded or'],
    ['an id that is held', { notFound: ['x'], ended: 'held' }, null, 1, 'Not received: x.'],
    ['messages that are held', { ended: 'held' }, null, 1, 'Another reader still holds messages of this queue'],
    ['a new dead letter', { newer: 1 }, null, 0, '1 newer than 2026-11-20T12:00:00.000Z was left out.'],
    ['new dead letters', { newer: 3 }, null, 0, '3 newer than 2026-11-20T12:00:00.000Z were left out.'],
    ['Ctrl-C', { ended: 'stopped' }, null, 130, 'again with --before 2026-11-20T12:00:00.000Z to continue.'],
    ['the limit', { ended: 'limit' }, null, 0, 'The limit was reached. Run the same command again'],
  ] as const)('after %s, exit with a code and a message that say so', async (_, change, outcome, code, sentence) => {
    result = change;
    if (outcome !== null) selected = [{ deadLetter: deadLetter(1), outcome, problem: 'no network' }];
    const ended = await run(['redrive', ...decisions, '--all', ...because, '--yes']);
    expect(ended.code).toBe(code);
    expect(ended.out + ended.err).toContain(sentence);
  });

  test.each([
    ['no action', []],
    ['an unknown action', ['purge']],
    ['no queue', ['redrive', '--all', ...because]],
    ['an unknown queue', ['redrive', '--queue', 'unknown', '--all', ...because]],
    ['no selection', ['redrive', ...decisions, ...because]],
    ['two selections', ['redrive', ...decisions, '--all', '--id', 'a', ...because]],
    ['an unknown dead-letter reason', ['redrive', ...decisions, '--dead-letter-reason', 'boredom', ...because]],
    ['an age without a unit', ['discard', ...decisions, '--older-than', '2', ...because]],
    ['no reason', ['redrive', ...decisions, '--all', '--yes']],
    ['an empty reason', ['redrive', ...decisions, '--all', '--reason', ' ']],
    ['a reason that is too long', ['redrive', ...decisions, '--all', '--reason', 'x'.repeat(1_001)]],
    ['quarantined dead letters without ids', ['redrive', ...decisions, '--all', '--quarantined', ...because]],
    ['quarantined dead letters to discard', ['discard', ...decisions, '--id', 'a', '--quarantined', ...because]],
    ['a time without a zone', ['redrive', ...decisions, '--all', '--before', '2026-11-20T12:00', ...because]],
    ['a limit of zero', ['redrive', ...decisions, '--all', '--limit', '0', ...because]],
    ['a fractional rate', ['redrive', ...decisions, '--all', '--per-second', '0.5', ...because]],
    ['an unknown option', ['redrive', ...decisions, '--all', '--force', ...because]],
    ['no dead letter to inspect', ['inspect']],
  ])('%s: nothing is done', async (_, args) => {
    await expect(run(args)).rejects.toBeInstanceOf(UsageError);
    expect(commands).toEqual([]);
  });

  test('an unreachable system exits with 1 and a message', async () => {
    const refuse = async () => Promise.reject(new Error('connect ECONNREFUSED'));
    const { code, err } = await run(['list'], { count: refuse });
    expect(code).toBe(1);
    expect(err).toContain('Could not reach Dispatcher: connect ECONNREFUSED');
  });
});
