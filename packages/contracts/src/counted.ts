/** Returns the number with the noun, which gets an `s` unless the number is 1: `1 run`, `2 runs`. */
export function counted(count: number | bigint, noun: string): string {
  return `${count} ${noun}${Number(count) === 1 ? '' : 's'}`;
}
