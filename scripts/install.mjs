// The one step that runs on the machine's own Node (20 or newer): everything after it uses the Node in node_modules.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const stampFile = 'node_modules/.installed-from';
const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');

// A stamp of the lock file, so that a second start does not pay for an install and a changed lock file does.
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== lock) {
  console.log('Installing packages…');
  // Not `npm ci`: it refuses a lock file that lacks the packages of other platforms (some are optional builds that not
  // every registry has). `install` keeps to the lock's versions, adds what this platform needs, and saves nothing.
  const npm = spawnSync('npm', ['install', '--no-save', '--no-fund', '--no-audit', '--loglevel=error'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    console.error('npm install failed; its own message above says why. Nothing was started.');
    process.exit(npm.status ?? 1);
  }
  writeFileSync(stampFile, lock);
}
