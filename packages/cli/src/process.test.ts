import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { executable, runInTerminal, runProcess } from './testing/run-process.ts';

const styled = '\u001b[';

describe('the executable', () => {
  test('in a terminal prints the help with colours, within its width', async () => {
    const { code, out } = await runInTerminal(['keys', 'create', '--help'], { columns: 50 });
    expect(code).toBe(0);
    expect(out).toContain(`${styled}1mUsage:${styled}22m`);
    const lines = stripVTControlCharacters(out).split('\n');
    for (const line of lines.filter((each) => !each.startsWith('  dispatcher '))) {
      expect(line.length).toBeLessThanOrEqual(50);
    }
  });

  test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('in a terminal with %j prints no colours', async (env) => {
    const { out } = await runInTerminal(['--help'], { env });
    expect(out).toContain('Usage: dispatcher');
    expect(out).not.toContain(styled);
  });

  test('an empty NO_COLOR does not turn colours off', async () => {
    expect((await runInTerminal(['--help'], { env: { NO_COLOR: '' } })).out).toContain(styled);
  });

  test('without a terminal prints no colours', async () => {
    expect((await runProcess(['--help'])).out).not.toContain(styled);
  });

  test('whose reader ends first ends without an error', () => {
    const line = `"$0" "$1" completion zsh | head -n 1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', line, process.execPath, executable], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toBe('#compdef dispatcher\n');
  });
});
