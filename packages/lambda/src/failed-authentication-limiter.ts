import { isIPv6 } from 'node:net';

/** Wrong credentials by address, in memory: each environment of the function counts its own. */
export interface FailedAuthenticationLimiter {
  /** Seconds until credentials from this address are looked at again; 0: now. */
  secondsToWait(address: string): number;
  /** One more that was wrong. */
  count(address: string): void;
}

const most = 10;
const windowMs = 60_000;
const rememberedAddresses = 1_000;

/** @param now milliseconds since the epoch */
export function createFailedAuthenticationLimiter(now: () => number): FailedAuthenticationLimiter {
  const counted = new Map<string, { wrong: number; readonly until: number }>();
  const find = (network: string) => {
    const entry = counted.get(network);
    return entry !== undefined && now() < entry.until ? entry : null;
  };
  return {
    secondsToWait: (address) => {
      const entry = find(networkOf(address));
      return entry !== null && entry.wrong >= most ? Math.ceil((entry.until - now()) / 1000) : 0;
    },
    count: (address) => {
      const network = networkOf(address);
      const entry = find(network) ?? { wrong: 0, until: now() + windowMs };
      entry.wrong += 1;
      // Behind all others, so that the one forgotten first is the one that was wrong the longest ago.
      counted.delete(network);
      counted.set(network, entry);
      const [oldest] = counted.keys();
      if (counted.size > rememberedAddresses && oldest !== undefined) counted.delete(oldest);
    },
  };
}

/** Whoever has one IPv6 address usually has the 2^64 of its network. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head, tail] = address.split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const between = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...between, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

function groupsOf(text = ''): string[] {
  return text === '' ? [] : text.split(':');
}
