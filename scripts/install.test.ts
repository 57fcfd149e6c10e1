import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Runs the unchanged script in a temporary folder, with an `npm` that records its arguments.
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'install-'));
  for (const folder of ['scripts', 'bin', 'node_modules']) mkdirSync(join(directory, folder));
  for (const name of ['install.mjs', 'node-24.mjs']) {
    cpSync(fileURLToPath(new URL(name, import.meta.url)), join(directory, 'scripts', name));
  }
  writeFileSync(join(directory, 'package-lock.json'), '{"packages":{}}');
  writeFileSync(join(directory, 'bin/npm'), '#!/bin/sh\necho "$*" >"$CALLS"\n');
  chmodSync(join(directory, 'bin/npm'), 0o755);
});
afterEach(() => rmSync(directory, { recursive: true }));

test('an installation passes --ignore-scripts, which no npm_config_ignore_scripts of the machine can undo', () => {
  const calls = join(directory, 'calls');
  const { status, stderr } = spawnSync(process.execPath, [join(directory, 'scripts/install.mjs')], {
    encoding: 'utf8',
    env: {
      PATH: [join(directory, 'bin'), process.env['PATH']].join(delimiter),
      CALLS: calls,
      npm_config_ignore_scripts: 'false',
    },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(readFileSync(calls, 'utf8').split(' ')).toEqual(expect.arrayContaining(['ci', '--ignore-scripts']));
});
