/** Returns the CPU time of `work` on this thread, in milliseconds. Does not depend on how busy the machine is. */
export function processorTimeOf(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
