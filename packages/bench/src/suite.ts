import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Figure, line } from './figures.ts';

const script = fileURLToPath(new URL('../../../scripts/test-cpu.mjs', import.meta.url));
const listedFiles = 20;

/** CPU seconds of `npm test`, and of each test file, the largest first. */
export interface SuiteTimes {
  readonly total: number;
  readonly files: readonly (readonly [file: string, seconds: number, isEndToEnd: boolean])[];
}

/** Runs `npm test`. @throws Error if a test failed */
export function measureSuite(): SuiteTimes {
  const { stdout, status } = spawnSync(process.execPath, [script, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 10_000_000,
  });
  if (status !== 0) throw new Error('A test failed, so the CPU time of the tests says nothing. Its output is above.');
  return JSON.parse(stdout) as SuiteTimes;
}

export const suiteFigureName = '`npm test`, CPU seconds, the build included';

export function suiteFigure({ total, files }: SuiteTimes): Figure {
  const secondsOf = (ofEndToEnd: boolean): number =>
    Math.round(files.reduce((sum, [, seconds, isEndToEnd]) => sum + (isEndToEnd === ofEndToEnd ? seconds : 0), 0));
  const endToEnd = files.filter(([, , isEndToEnd]) => isEndToEnd).length;
  return {
    name: suiteFigureName,
    before: [620],
    goal: [350],
    now: [total],
    command: 'npm run bench -- suite',
    reason:
      `${endToEnd} test files are end-to-end tests and take ${secondsOf(true)} s: most start a system of their own and go on with ` +
      'commands, browsers or crashes. The eight processes of a system take 3 s until they are ready and 2 s for the first sweep ' +
      `of the example organization; each command takes 0.4 s. The other ${files.length - endToEnd} take ${secondsOf(false)} s. ` +
      'One system for several files would save at most 150 s; decision record 0124 says why each file starts its own. The goal ' +
      'was set for a suite of 2,157 tests that took 0.29 s each. On a machine that is busy with something else, a file takes up to ' +
      'half as much again.',
  };
}

export function suiteText({ total, files }: SuiteTimes): string {
  return [
    `CPU seconds of \`npm test\`: ${Math.round(total)}, of which the ${listedFiles} largest test files take:`,
    '',
    line(['file', 'CPU seconds']),
    line(['---', '--:']),
    ...files.slice(0, listedFiles).map(([file, seconds]) => line([`\`${file}\``, seconds.toFixed(1)])),
    '',
  ].join('\n');
}
