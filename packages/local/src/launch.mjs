// Starts the system and ends it when npm is gone. npm hands a signal on to its shell only, and the shell ends without
// telling what it started, so the system would keep running with nobody to stop it.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { requireNode24 } from '../../../scripts/node-24.mjs';

const program = fileURLToPath(new URL('start.ts', import.meta.url));
const system = spawn(requireNode24(), ['--disable-warning=ExperimentalWarning', program], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});

// To the system, losing this channel means "stop in order". In a terminal it has got Ctrl-C itself already: a second
// SIGINT would force it.
function stop() {
  if (system.connected) system.disconnect();
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
process.on('SIGHUP', stop);

const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) stop();
}, 500).unref();

system.on('exit', (code) => process.exit(code ?? 1));
