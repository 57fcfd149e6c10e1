import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rehearseOutage, speedOf } from './outage.ts';
import { outageCommands, runOperatorCommand } from './runbook.ts';

// The short version of `npm run outage`.

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rehearsal-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

test('during an outage at 60 deliveries a minute or more nothing is lost, and afterwards everything starts once without a command', async () => {
  const deliveries = 24;
  let startedDuringOutage = -1;
  const result = await rehearseOutage({
    dataDir,
    deliveries,
    durationMs: 12_000,
    duringOutage: async ({ url }) => {
      const { dispatches } = (await (await fetch(`${url}/api/dispatches`)).json()) as { dispatches: object[] };
      startedDuringOutage = dispatches.length;
    },
  });
  expect(startedDuringOutage).toBe(0);
  expect(result).toMatchObject({
    accepted: deliveries,
    outcomes: { planned: deliveries },
    started: deliveries,
    startedTwice: 0,
    deadLetters: 0,
  });
  expect(result.delayed).toBeGreaterThan(0);
});

test('after an outage in which Dispatcher gave up, the commands of the runbook start everything once', async () => {
  const deliveries = 8;
  const commands = outageCommands();
  expect(commands).toHaveLength(3);
  let unreadable = 0;
  const outputs: string[] = [];
  const result = await rehearseOutage({
    dataDir,
    deliveries,
    durationMs: 10_000,
    giveUpSeconds: 3,
    scheduleEveryMs: 2_000,
    afterRecovery: async (_, { outcomes, started, deadLetters }) => {
      unreadable = outcomes['config-unreadable'] ?? 0;
      expect([started + unreadable, deadLetters]).toEqual([deliveries, 0]);
      for (const command of commands) outputs.push(await runOperatorCommand(dataDir, command));
    },
  });
  expect(unreadable).toBeGreaterThan(0);
  expect(outputs[1]).toContain(String(unreadable));
  expect(result).toMatchObject({
    accepted: deliveries,
    outcomes: { planned: deliveries },
    started: deliveries,
    startedTwice: 0,
    deadLetters: 0,
  });
});

test('the factor of the rehearsal is that of its rate and 60 deliveries a minute', () => {
  expect(speedOf({ deliveries: 3600, durationMs: 3_600_000 })).toBe(1);
  expect(speedOf({ deliveries: 3600, durationMs: 300_000 })).toBe(12);
  expect(speedOf({ deliveries: 10, durationMs: 60_000 })).toBe(1);
});
