import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const functions = ['ingress', 'planning', 'dispatch', 'facts', 'admin'];
const bundleOf = (name: string) => new URL(`../functions/${name}/dist/image/handler.mjs`, import.meta.url);

/** Loads a bundle without its configuration, and prints the modules of Node that were loaded. */
const program = `
await import(process.argv[1]).catch((error) => { if (error.name !== 'ConfigurationError') throw error; });
process.stdout.write(process.moduleLoadList.join('\\n'));`;

test.each(functions)('a start of %s imports no built-in module whole, and loads no undici', async (name) => {
  const bundle = bundleOf(name);
  const imported = readFileSync(bundle, 'utf8').matchAll(/\bfrom ?"(node:[\w/]+)"/g);
  expect(new Set([...imported].map(([, module]) => module))).toEqual(new Set());
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    program,
    fileURLToPath(bundle),
  ]);
  const loaded = stdout.split('\n');
  expect(loaded).toContain('NativeModule https');
  expect(loaded).not.toContain('NativeModule internal/deps/undici/undici');
});
