// Entry point of a function in its image: loads `handler.mjs` with the code that V8 compiled when the image was built.
// Without it, a start compiles the whole bundle again. Run as a program, it makes that compile cache (Dockerfile).
import { createRequire, enableCompileCache, flushCompileCache } from 'node:module';

// An `import` of `node:fs` would read all its exports, and load what a start does not use (scripts/bundle-plugins.ts).
const require = createRequire(import.meta.url);
const { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, symlinkSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const stored = join(import.meta.dirname, 'compile-cache');
// Node appends the user's id to the name of the directory, because it expects every user to write one. Lambda's user is
// another one than that of the build, and may only write to /tmp.
const suffix = `-${process.getuid()}`;

export const handler = import.meta.main ? await make() : await load();

async function load() {
  useStored();
  return (await import('./handler.mjs')).handler;
}

/** Lets Node read the stored cache. A function whose cache is missing or of another Node starts without it. */
function useStored() {
  if (!existsSync(stored)) return;
  const directory = join(tmpdir(), 'compile-cache');
  mkdirSync(directory, { recursive: true });
  for (const version of readdirSync(stored)) {
    const link = join(directory, version + suffix);
    if (!existsSync(link)) symlinkSync(join(stored, version), link);
  }
  enableCompileCache(directory);
}

async function make() {
  enableCompileCache(stored);
  // All of the code: `handler.mjs` does not import the chunks of rare requests when it starts.
  for (const file of readdirSync(import.meta.dirname).filter((name) => /^(?:handler|chunk-\w+)\.mjs$/.test(name))) {
    await import(`./${file}`).catch((error) => {
      // The build has no configuration. What the bundle does before it reads the configuration is what a start compiles.
      if (error.name !== 'ConfigurationError') throw error;
    });
  }
  flushCompileCache();
  const [version] = readdirSync(stored);
  const directory = join(stored, version.slice(0, -suffix.length));
  renameSync(join(stored, version), directory);
  // Node writes the files for their owner alone.
  for (const file of readdirSync(directory)) chmodSync(join(directory, file), 0o644);
  chmodSync(directory, 0o755);
  chmodSync(stored, 0o755);
}
