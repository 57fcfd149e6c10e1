import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { collectStart, readOutputs } from '../packages/bench/src/bundles.ts';

const run = promisify(execFile);
const functions = ['ingress', 'planning', 'dispatch', 'facts', 'admin'];
const imageOf = (name: string) => fileURLToPath(new URL(`../functions/${name}/dist/image`, import.meta.url));
const codeOf = (image: string) => readdirSync(image).filter((file) => file.endsWith('.mjs'));

/** Loads a bundle without its configuration, and prints the modules of Node that were loaded. */
const program = `
await import(process.argv[1]).catch((error) => { if (error.name !== 'ConfigurationError') throw error; });
process.stdout.write(process.moduleLoadList.join('\\n'));`;

test.each(functions)('a start of %s imports no built-in module whole, and loads no undici', async (name) => {
  const image = imageOf(name);
  const imported = codeOf(image).flatMap((file) => [
    ...readFileSync(join(image, file), 'utf8').matchAll(/\bfrom ?"(?:node:)?([\w/]+)"/g),
  ]);
  expect(new Set(imported.map(([, module]) => module))).toEqual(new Set());
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program, join(image, 'handler.mjs')]);
  const loaded = stdout.split('\n');
  expect(loaded).toContain('NativeModule https');
  expect(loaded).not.toContain('NativeModule internal/deps/undici/undici');
});

test.each([
  ['ingress', ['src/third-party/receive-message.ts', '@aws-sdk/client-dynamodb']],
  [
    'planning',
    [
      'src/authorization/end-sessions.ts',
      'src/dispatch-api/receive-request.ts',
      'src/dispatch-api/job-token.ts',
      'src/hints/check-change.ts',
      'src/hints/handle-hint.ts',
      'src/plan/repeat-checks.ts',
      'src/plan/replay-run.ts',
      'src/redelivery/check-deliveries.ts',
      'src/schedules/run-due-schedules.ts',
      'node_modules/croner',
      'node_modules/jose',
    ],
  ],
  ['admin', ['src/auth/oidc-sign-in.ts', 'node_modules/openid-client', 'node_modules/oauth4webapi']],
])('a start of %s loads no code of rare requests', (name, rare) => {
  const outputs = readOutputs(name);
  const inputsOf = (files: Iterable<string>) => [...files].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
  const start = collectStart(outputs);
  const [loaded, all] = [inputsOf(start), inputsOf(Object.keys(outputs))];
  for (const part of rare) {
    expect(all.filter((input) => input.includes(part))).not.toEqual([]);
    expect(loaded.filter((input) => input.includes(part))).toEqual([]);
  }
});

test.each(functions)('the compile cache that the image of %s makes has every file of its code', async (name) => {
  const directory = mkdtempSync(join(tmpdir(), 'dispatcher-cache-'));
  try {
    const code = codeOf(imageOf(name));
    for (const file of code) cpSync(join(imageOf(name), file), join(directory, file));
    // The tests run with a compile cache of their own.
    await run(process.execPath, [join(directory, 'start.mjs')], { env: { PATH: process.env['PATH'] } });
    const [version = ''] = readdirSync(join(directory, 'compile-cache'));
    // `start.mjs` itself is compiled before the cache is enabled.
    expect(readdirSync(join(directory, 'compile-cache', version))).toHaveLength(code.length - 1);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
