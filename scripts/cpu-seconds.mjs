import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** Returns the CPU seconds of this process and of the processes that it started, directly or not, and that have ended. */
export function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000 + childSeconds();
}

/** Returns the CPU seconds of the processes that this one started and that have ended; 0 where there is no /proc. */
export function childSeconds() {
  if (process.platform !== 'linux') return 0;
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // The name of the program is in parentheses and can contain blanks. cutime and cstime are the 14th and 15th field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
}
