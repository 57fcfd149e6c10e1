import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { isBuiltin } from 'node:module';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Runs the script and returns the arguments of npm, or null if it was not called. */
function install(...args: readonly string[]): { readonly npm: string | null; readonly stdout: string } {
  const calls = join(directory, 'calls');
  rmSync(calls, { force: true });
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(directory, 'scripts/install.mjs'), ...args], {
    encoding: 'utf8',
    env: {
      PATH: [join(directory, 'bin'), process.env['PATH']].join(delimiter),
      CALLS: calls,
      npm_config_ignore_scripts: 'false',
    },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return { npm: existsSync(calls) ? readFileSync(calls, 'utf8') : null, stdout };
}

const lockOf = (packages: Readonly<Record<string, object>>) => JSON.stringify({ packages });

test('an installation passes --ignore-scripts, which no npm_config_ignore_scripts of the machine can undo', () => {
  expect(install().npm).toMatch(/^ci .*--ignore-scripts/);
});

test('npm start installs what running needs, once', () => {
  writeFileSync(
    join(directory, 'package-lock.json'),
    lockOf({ 'node_modules/a': {}, 'node_modules/b': { dev: true }, 'node_modules/c': { os: ['other'] } }),
  );
  const { npm, stdout } = install('--omit=dev');
  expect(npm).toMatch(/^ci --omit=dev --ignore-scripts/);
  expect(stdout).toMatch(/^Installing 1 packages? from package-lock.json, those that running needs:\n/);
  expect(install('--omit=dev')).toEqual({ npm: null, stdout: '' });
});

test('npm test after npm start adds the rest, without removing what is there; npm start then installs nothing', () => {
  install('--omit=dev');
  const { npm, stdout } = install();
  expect(npm).toMatch(/^install --no-save --include=dev --ignore-scripts/);
  expect(stdout).toContain(', the rest:');
  expect(install('--omit=dev').npm).toBeNull();
  expect(install().npm).toBeNull();
});

test('a changed lock file is installed anew, completely where everything was installed', () => {
  install('--omit=dev');
  writeFileSync(join(directory, 'package-lock.json'), lockOf({ 'node_modules/a': {} }));
  expect(install('--omit=dev').npm).toMatch(/^ci --omit=dev/);
  install();
  writeFileSync(join(directory, 'package-lock.json'), lockOf({ 'node_modules/a': {}, 'node_modules/b': {} }));
  expect(install('--omit=dev').npm).toMatch(/^ci --include=dev/);
});

test('an installation that npm ended early is repeated', () => {
  install('--omit=dev');
  writeFileSync(join(directory, 'package-lock.json'), lockOf({ 'node_modules/a': {} }));
  writeFileSync(join(directory, 'bin/npm'), '#!/bin/sh\nexit 7\n');
  const failed = spawnSync(process.execPath, [join(directory, 'scripts/install.mjs')], {
    encoding: 'utf8',
    env: { PATH: [join(directory, 'bin'), process.env['PATH']].join(delimiter) },
  });
  expect(failed.status).toBe(7);
  expect(failed.stderr).toContain('npm ci failed');
  writeFileSync(join(directory, 'bin/npm'), '#!/bin/sh\necho "$*" >"$CALLS"\n');
  expect(install('--omit=dev').npm).toMatch(/^ci --omit=dev/);
});

test('what npm start runs imports no development dependency', async () => {
  const { build } = await import('esbuild');
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { readonly dev?: boolean }>>;
  };
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      'packages/local/src/start.ts',
      'packages/local/src/demo/deliver.ts',
      'packages/github-emulator/src/main.ts',
      'packages/cli/src/main.ts',
      'scripts/bundle.ts',
      'packages/dashboard/build/build.ts',
      'packages/dashboard/src/main.tsx',
      ...['ingress', 'planning', 'dispatch', 'facts', 'admin'].map((name) => `functions/${name}/src/handler.ts`),
    ],
    bundle: true,
    write: false,
    metafile: true,
    outdir: 'unused',
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    loader: { '.css': 'empty' },
    plugins: [
      {
        // The packages of this repository are followed; all others are only named.
        name: 'packages',
        setup: (builder) =>
          builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path.startsWith('@dispatcher/') ? undefined : { path, external: true },
          ),
      },
    ],
  });
  const imported = Object.entries(metafile.inputs).flatMap(([file, { imports }]) => {
    const workspace = file.split('/').slice(0, 2).join('/');
    return imports
      .filter(({ external, path }) => external && !isBuiltin(path))
      .map(({ path }) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path)
      .map((name) => ({
        name,
        entry: packages[`${workspace}/node_modules/${name}`] ?? packages[`node_modules/${name}`],
      }));
  });
  expect(imported.map(({ name }) => name)).toEqual(expect.arrayContaining(['esbuild', 'fastify', 'zod']));
  expect(imported.filter(({ entry }) => entry === undefined || entry.dev === true)).toEqual([]);
});
