// Starts the local system, or the demonstration (`demo`), and stops it when npm ends. npm forwards a signal to its shell only, and the shell ends without
// forwarding it, so the system would otherwise keep running.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { requireNode24 } from '../../../scripts/node-24.mjs';

const [first, ...rest] = process.argv.slice(2);
const isDemo = first === 'demo';
const program = fileURLToPath(new URL(isDemo ? 'demo.ts' : 'start.ts', import.meta.url));
const options = isDemo ? rest : process.argv.slice(2);
const system = spawn(requireNode24(), ['--disable-warning=ExperimentalWarning', program, ...options], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});

// The system shuts down when this channel closes. A signal would not do: in a terminal the system has received Ctrl-C too,
// and a second SIGINT forces it to exit.
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
