import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { entryOf, flatten } from './command-line/table-entries.ts';
import { program, runCommand } from './run-command.ts';
import { complete } from './testing/complete.ts';
import { isInstalled } from './testing/run-process.ts';
import { shells } from './completion/completion-script.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'dispatcher-completion-'));
  writeFileSync(join(directory, 'dispatching.yml'), '');
});
afterAll(() => rmSync(directory, { recursive: true }));

const silent = { out: () => undefined, err: () => undefined, readFile: () => new Uint8Array() };
const root = entryOf(program({ terminal: silent, exit: async () => undefined }));

async function scriptFor(shell: string): Promise<string> {
  let out = '';
  await runCommand(['completion', shell], { ...silent, out: (text) => void (out += text) });
  return out;
}

// bash is needed for the scripts of this repository; the other shells are tested where they are installed.
const installed = shells.filter((shell) => shell === 'bash' || isInstalled(shell));

describe.each(installed)('completion in %s', (shell) => {
  test.each([
    ['commands', 'dispatcher ', root.subcommands.map(({ path }) => path.join(' '))],
    ['the beginning of a command', 'dispatcher dead', ['dead-letters']],
    ['the actions of a command', 'dispatcher keys ', ['create', 'list', 'revoke']],
    ['options by their beginning', 'dispatcher keys create --r', ['--reason', '--role', '--rotate']],
    ['the values of an option', 'dispatcher keys create --role ', ['dispatch', 'operator', 'viewer']],
    ['the values of an argument', 'dispatcher completion ', ['bash', 'fish', 'zsh']],
    ['values after other options', 'dispatcher dead-letters redrive --yes --queue un', ['undelivered-events']],
    ['files, where a file is expected', 'dispatcher validate disp', ['dispatching.yml']],
    ['files, as the value of an option', 'dispatcher explain --run disp', ['dispatching.yml']],
  ])('offers %s', async (_, line, expected) => {
    expect(complete(shell, await scriptFor(shell), line, directory)).toEqual([...expected].sort());
  });
});

test.each(shells)('the script for %s has every command and every option', async (shell) => {
  const script = await scriptFor(shell);
  for (const { path, options } of flatten(root)) {
    for (const name of path) expect(script).toContain(name);
    for (const { names } of options) {
      const name = names.at(-1) ?? '';
      expect(script).toContain(shell === 'fish' ? `-l ${name.slice(2)}` : name);
    }
  }
});
