// The one step that runs on the machine's own Node (20 or newer): everything after it uses the Node in node_modules.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const stampFile = 'node_modules/.installed-from';
const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');

// A stamp of the lock file, so that a second start does not pay for an install and a changed lock file does.
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== lock) {
  console.log('Installing packages…');
  const npm = spawnSync('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    console.error('npm ci failed; its own message above says why. Nothing was started.');
    process.exit(npm.status ?? 1);
  }
  writeFileSync(stampFile, lock);
}
