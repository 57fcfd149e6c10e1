// Installs what package-lock.json names: everything, or with --omit=dev what running the system needs. Runs on the machine's
// own Node (20 or newer), so it uses nothing but Node itself. docs/adr/0053-install-from-the-lock.md says why it installs
// this way, and docs/adr/0073-installation-in-two-steps.md why in two steps.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Returns the folders of all packages that this platform gets. @param scope `running` leaves the development packages out */
function foldersToInstall(scope) {
  const libc = process.report?.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
  return Object.entries(JSON.parse(lockText).packages)
    .filter(([folder, entry]) => folder.includes('node_modules/') && entry.link !== true)
    .filter(([, entry]) => scope === 'all' || entry.dev !== true)
    .filter(([, entry]) => admits(entry.os, process.platform) && admits(entry.cpu, process.arch))
    .filter(([, entry]) => process.platform !== 'linux' || admits(entry.libc, libc))
    .map(([folder]) => folder);
}

/** Returns what was installed last: the hash of the lock file, and `running` or `all`. */
function readStamp() {
  const [installedLock = '', scope = 'all'] = existsSync(stampFile) ? readFileSync(stampFile, 'utf8').split(' ') : [];
  return { lock: installedLock, scope };
}

/** Prints how far an installation is: npm itself is silent until the end. One line that grows in a terminal, else one each 4 s. */
function showProgress(folders) {
  const isTerminal = process.stdout.isTTY;
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1_000);
  const width = 24;
  const line = () => {
    const done = folders.filter((folder) => existsSync(join(folder, 'package.json'))).length;
    const filled = Math.floor((width * done) / Math.max(folders.length, 1));
    const bar = isTerminal ? `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ` : '';
    const phase = done === 0 ? 'downloading' : `${done} of ${folders.length} packages`;
    return `  ${bar}${phase}, ${seconds()} s`;
  };
  const clear = isTerminal ? '\r\u001b[K' : '';
  const timer = setInterval(
    () => (isTerminal ? process.stdout.write(`${clear}${line()}`) : console.log(line())),
    isTerminal ? 200 : 4_000,
  );
  return () => {
    clearInterval(timer);
    process.stdout.write(clear);
    return seconds();
  };
}

/**
 * Runs npm. `npm ci` empties node_modules first and refuses a lock file that package.json contradicts. Where `npm ci` has
 * installed the running part of this lock file, `npm install` adds the rest and leaves that part in place: a system that
 * runs from it keeps running.
 */
async function install(scope) {
  const before = readStamp();
  const adds = before.lock === lock && before.scope === 'running' && scope === 'all';
  const folders = foldersToInstall(scope);
  const missing = adds ? folders.filter((folder) => !existsSync(join(folder, 'package.json'))) : folders;
  const purpose = scope === 'running' ? ', those that running needs' : '';
  const count = `${missing.length} ${missing.length === 1 ? 'package' : 'packages'}`;
  console.log(`Installing ${count} from package-lock.json${adds ? ', the rest' : purpose}:`);
  const command = adds ? ['install', '--no-save'] : ['ci'];
  const omit = scope === 'running' ? ['--omit=dev'] : ['--include=dev'];
  const options = ['--ignore-scripts', '--no-fund', '--no-audit', '--no-progress', '--loglevel=error'];
  // What was stamped does not hold while npm changes it.
  rmSync(stampFile, { force: true });
  const stopProgress = showProgress(missing);
  // Standard output only repeats the number of packages.
  const npm = spawn('npm', [...command, ...omit, ...options], {
    ...npmOptions,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const status = await new Promise((ended) => {
    npm.on('error', (error) => {
      console.error(`npm could not be started: ${error.message}`);
      ended(1);
    });
    npm.on('exit', (code) => ended(code ?? 1));
  });
  const seconds = stopProgress();
  if (status !== 0) {
    console.error(`npm ${command[0]} failed; its message above says why. Nothing was started.`);
    process.exit(status);
  }
  mkdirSync('node_modules', { recursive: true });
  writeFileSync(stampFile, `${lock} ${scope}`);
  console.log(`Installed ${count} in ${seconds} s.`);
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
// The stamp names the lock file: a second start does not pay for an installation, and a changed lock file does. What was
// installed for the tests stays complete.
const requested = process.argv.includes('--omit=dev') ? 'running' : 'all';
const installed = readStamp();
const scope = installed.lock !== '' && installed.scope === 'all' ? 'all' : requested;
if (installed.lock !== lock || (scope === 'all' && installed.scope !== 'all')) await install(scope);
chooseNode();
