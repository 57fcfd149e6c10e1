import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Figure, line } from './figures.ts';

const script = fileURLToPath(new URL('../../../scripts/test-cpu.mjs', import.meta.url));
const listedFiles = 20;

/** CPU seconds of `npm test`, and of each test file, the largest first. */
export interface SuiteTimes {
  readonly total: number;
  readonly files: readonly (readonly [file: string, seconds: number])[];
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
  const largest = files.slice(0, listedFiles).reduce((sum, [, seconds]) => sum + seconds, 0);
  return {
    name: suiteFigureName,
    before: [620],
    goal: [350],
    now: [total],
    command: 'npm run bench -- suite',
    reason:
      `${listedFiles} of ${files.length} test files take ${Math.round(largest)} s. They start the whole system, browsers and other ` +
      'processes; to share one system between files would lower it.',
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
