/** What the work cost this thread in milliseconds of processor time: however busy the machine is, it stays the same. */
export function processorTimeOf(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
