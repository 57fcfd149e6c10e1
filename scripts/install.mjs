// Installs what package-lock.json names. Runs on the machine's own Node (20 or newer), so it uses nothing but Node
// itself. docs/adr/0053-install-from-the-lock.md says why it installs this way.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { howToGetNode24, nodePackage, repositoryRoot, runsOnNode24 } from './node-24.mjs';

process.chdir(repositoryRoot);

const stampFile = 'node_modules/.installed-from';
const lockText = readFileSync('package-lock.json', 'utf8');
const lock = createHash('sha256').update(lockText).digest('hex');

const windows = process.platform === 'win32';
const npmOptions = { stdio: 'inherit', shell: windows };

/** Whether an entry's `os`, `cpu` or `libc` admits a value; `!` before a name excludes it, as in package.json. */
function admits(listed, value) {
  const names = listed === undefined ? [] : [listed].flat();
  if (names.includes(`!${value}`)) return false;
  const wanted = names.filter((name) => !name.startsWith('!'));
  return wanted.length === 0 || wanted.includes(value);
}

/** Returns the folders of all packages that this platform gets. */
function foldersToInstall() {
  const libc = process.report?.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
  return Object.entries(JSON.parse(lockText).packages)
    .filter(([folder, entry]) => folder.includes('node_modules/') && entry.link !== true)
    .filter(([, entry]) => admits(entry.os, process.platform) && admits(entry.cpu, process.arch))
    .filter(([, entry]) => process.platform !== 'linux' || admits(entry.libc, libc))
    .map(([folder]) => folder);
}

/** Runs `npm ci`, and every few seconds prints how far it is: without a terminal npm itself is silent until the end. */
async function install() {
  const folders = foldersToInstall();
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1_000);
  console.log(`Installing ${folders.length} packages from package-lock.json; this takes about a minute.`);
  const npm = spawn(
    'npm',
    ['ci', '--ignore-scripts', '--no-fund', '--no-audit', '--no-progress', '--loglevel=error'],
    npmOptions,
  );
  const progress = setInterval(() => {
    const done = folders.filter((folder) => existsSync(join(folder, 'package.json'))).length;
    const phase = done === 0 ? 'resolving and downloading' : `${done} of ${folders.length} packages unpacked`;
    console.log(`  ${String(seconds()).padStart(3)} s  ${phase}`);
  }, 4_000);
  const status = await new Promise((ended) => {
    npm.on('error', (error) => {
      console.error(`npm could not be started: ${error.message}`);
      ended(1);
    });
    npm.on('exit', (code) => ended(code ?? 1));
  });
  clearInterval(progress);
  if (status !== 0) {
    console.error('npm ci failed; its message above says why. Nothing was started.');
    process.exit(status);
  }
  writeFileSync(stampFile, lock);
  console.log(`Installed in ${seconds()} s.`);
}

const linkedNode = join('node_modules', '.bin', windows ? 'node.cmd' : 'node');

/**
 * Decides which `node` npm scripts run on. npm links the packaged Node 24 as node_modules/.bin/node, before everything
 * else on a script's PATH. A machine with Node 24 or newer uses its own, so the link goes; with an older one it must be
 * there.
 */
function chooseNode() {
  if (process.execPath.startsWith(join(repositoryRoot, 'node_modules'))) return;
  if (runsOnNode24) {
    for (const name of ['node', 'node.cmd', 'node.ps1']) rmSync(join('node_modules', '.bin', name), { force: true });
    return;
  }
  if (!existsSync(linkedNode)) {
    // Makes the links of a package anew; it runs no script.
    spawnSync('npm', ['rebuild', '--ignore-scripts', '--loglevel=error', nodePackage], {
      ...npmOptions,
      stdio: 'ignore',
    });
  }
  const version = spawnSync(join('node_modules', '.bin', 'node'), ['--version'], { encoding: 'utf8', shell: windows });
  if (version.status === 0) return;
  console.error(
    `This machine has Node ${process.versions.node}, and the Node 24 of ${nodePackage} does not run on it: ` +
      'install Node 24 from nodejs.org.',
  );
  process.exit(1);
}

if (!runsOnNode24 && nodePackage === undefined) {
  console.error(howToGetNode24());
  process.exit(1);
}
// The stamp names the lock file: a second start does not pay for an installation, and a changed lock file does.
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== lock) await install();
chooseNode();
