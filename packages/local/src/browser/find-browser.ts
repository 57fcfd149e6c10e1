import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

// The browser of the tests: an installed Chrome or Chromium, else the one of Debian, which is installed if that is possible.

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];
/** Chromium alone has one font without emoji, in which text is wider than on other machines. */
const packages = ['chromium', 'fonts-liberation', 'fonts-noto-color-emoji'];

/** Returns the path of a Chrome or Chromium. @throws Error that says how to install one */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string {
  const configured = env['CHROMIUM'];
  if (configured) {
    if (isExecutable(configured)) return configured;
    throw new Error(`CHROMIUM is ${configured}, which is not an executable file.`);
  }
  const found = installedBrowser(env) ?? (installFromDebian() ? installedBrowser(env) : null);
  if (found !== null) return found;
  throw new Error(
    'The tests of the dashboard need Chrome or Chromium, and none is installed. Install one, or set CHROMIUM to its path. ' +
      `On Debian or Ubuntu: sudo apt-get install ${packages.join(' ')}`,
  );
}

function installedBrowser(env: NodeJS.ProcessEnv): string | null {
  const directories = (env['PATH'] ?? '').split(delimiter);
  const onPath = names.flatMap((name) => directories.map((directory) => join(directory, name)));
  return [...onPath, ...places].find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs Debian's packages, which takes about ten seconds. Returns false where that is not possible without asking. */
function installFromDebian(): boolean {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return false;
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  return aptGet(install) || (aptGet(['update']) && aptGet(install));
}

function aptGet(args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', args, { stdio: 'ignore', env }).status === 0;
}
