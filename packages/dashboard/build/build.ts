// Builds the dashboard into functions/admin/dist/image/site, each file also compressed with Brotli.
//
//   node build/build.ts                always
//   node build/build.ts --if-changed   only if a source file or the lock file has changed since the last build
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { build as viteBuild } from 'vite';
import { runbooksDirectory } from './runbooks.ts';
import { dashboardDirectory, manifestFile, manifestName, siteDirectory, viteOptions } from './vite-options.ts';

const compress = promisify(brotliCompress);
const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url));
const stampFile = join(dashboardDirectory, 'dist', 'built-from');
const compressible = new Set(['.html', '.js', '.css', '.svg', '.json']);

async function filesOf(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Returns a hash of everything that the build reads. */
async function hashOfSources(): Promise<string> {
  const folders = ['src', 'public', 'build'].map((name) => join(dashboardDirectory, name));
  const packages = ['contracts', 'rules'].map((name) => join(repositoryRoot, 'packages', name, 'src'));
  const sources = (await Promise.all([...folders, ...packages, runbooksDirectory].map(filesOf))).flat();
  const others = [join(dashboardDirectory, 'index.html'), join(repositoryRoot, 'package-lock.json')];
  const hash = createHash('sha256');
  for (const file of [...sources, ...others]) hash.update(`${file}\n`).update(await readFile(file));
  return hash.digest('hex');
}

async function compressSite(): Promise<void> {
  const files = (await filesOf(siteDirectory)).filter((file) => compressible.has(extname(file)));
  await Promise.all(
    files.map(async (file) => {
      const content = await readFile(file);
      const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
      await writeFile(`${file}.br`, await compress(content, { params }));
    }),
  );
  // Lambda's unprivileged user must be able to read them whatever the umask is.
  for (const entry of await readdir(siteDirectory, { recursive: true, withFileTypes: true })) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
  await chmod(siteDirectory, 0o755);
}

/** Returns the files, relative to the repository, whose code is in the build: for the SBOM of the image that serves it. */
function modulesOf(output: Awaited<ReturnType<typeof viteBuild>>): readonly string[] {
  const outputs = 'output' in output ? [output] : Array.isArray(output) ? output : [];
  const ids = outputs.flatMap((each) => each.output).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  const files = ids.map((id) => id.replace(/[?#].*$/, '')).filter((id) => id.startsWith(repositoryRoot));
  // Only its CSS is used, which is not a module.
  const styles = 'node_modules/@primer/primitives/package.json';
  return [...new Set([...files.map((file) => file.slice(repositoryRoot.length)), styles])].sort();
}

const hash = await hashOfSources();
const isCurrent =
  existsSync(join(siteDirectory, 'index.html.br')) &&
  existsSync(stampFile) &&
  (await readFile(stampFile, 'utf8')) === hash;
if (!(process.argv.includes('--if-changed') && isCurrent)) {
  const { build } = await import('vite');
  const output = await build(viteOptions);
  await mkdir(join(dashboardDirectory, 'dist'), { recursive: true });
  await rename(join(siteDirectory, manifestName), manifestFile);
  await compressSite();
  await writeFile(join(dashboardDirectory, 'dist', 'modules.json'), JSON.stringify(modulesOf(output)));
  await writeFile(stampFile, hash);
}
