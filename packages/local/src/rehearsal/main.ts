import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFunctions } from '../lambda/bundles.ts';
import { rehearseOutage, speedOf } from './outage.ts';
import { outageCommands, runOperatorCommand } from './runbook.ts';

const usage = `Plays an hour of an outage of GitHub's API at 60 deliveries a minute, on a local system of its own.

  npm run outage -- [options]

  --deliveries N   deliveries during the outage                   (default 3600: an hour at 60 a minute)
  --seconds N      length of the outage                           (default 300; 3600 plays the hour in real time)
  --give-up N      UNREADABLE_GIVE_UP_SECONDS (default: six hours); the bulk replay of the runbook is needed then
  --help           this text

Dispatcher waits in proportion to the length of the outage, so a shorter outage with the same number of deliveries has the
same course. What is per time is raised by the same factor: the limits of writes per minute, and the number of workflows,
because dispatch starts one run a second of a workflow and ref.

Exit codes: 0 nothing was lost, and every run was started once; 1 otherwise.`;

const options = {
  deliveries: { type: 'string', default: '3600' },
  seconds: { type: 'string', default: '300' },
  'give-up': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} needs a whole number from 1, not ${text}.`);
}

const { values } = parseArgs({ options });
if (values.help) console.log(usage);
else {
  const dataDir = await mkdtemp(join(tmpdir(), 'dispatcher-outage-'));
  try {
    const deliveries = numberOf('deliveries', values.deliveries);
    const durationMs = 1000 * numberOf('seconds', values.seconds);
    const giveUp = values['give-up'];
    await bundleFunctions();
    console.log(`Speed: ${speedOf({ deliveries, durationMs })} times 60 deliveries a minute.`);
    const result = await rehearseOutage({
      dataDir,
      deliveries,
      durationMs,
      ...(giveUp === undefined ? {} : { giveUpSeconds: numberOf('give-up', giveUp) }),
      afterRecovery: async () => {
        for (const command of giveUp === undefined ? outageCommands().slice(0, 1) : outageCommands()) {
          console.log(`$ ${command}\n${await runOperatorCommand(dataDir, command)}`);
        }
      },
      print: (line) => console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`),
    });
    console.log(JSON.stringify(result, null, 2));
    const { accepted, started, startedTwice, deadLetters } = result;
    process.exitCode = accepted === deliveries && started === deliveries && startedTwice + deadLetters === 0 ? 0 : 1;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
