import { isIPv6 } from 'node:net';

/** Counts failed authentications per IP address, in memory: each execution environment counts its own. */
export interface FailedAuthenticationLimiter {
  /** Returns the seconds until this address may authenticate again; 0: now. */
  secondsToWait(address: string): number;
  /** Counts one failed authentication. */
  count(address: string): void;
}

const maxFailures = 10;
const windowMs = 60_000;
const maxAddresses = 1_000;

/** @param now milliseconds since the epoch */
export function createFailedAuthenticationLimiter(now: () => number): FailedAuthenticationLimiter {
  const counted = new Map<string, { failures: number; readonly until: number }>();
  const find = (network: string) => {
    const entry = counted.get(network);
    return entry !== undefined && now() < entry.until ? entry : null;
  };
  return {
    secondsToWait: (address) => {
      const entry = find(networkOf(address));
      return entry !== null && entry.failures >= maxFailures ? Math.ceil((entry.until - now()) / 1000) : 0;
    },
    count: (address) => {
      const network = networkOf(address);
      const entry = find(network) ?? { failures: 0, until: now() + windowMs };
      entry.failures += 1;
      // Moved to the end, so that the address whose last failure is the oldest is evicted first.
      counted.delete(network);
      counted.set(network, entry);
      const [oldest] = counted.keys();
      if (counted.size > maxAddresses && oldest !== undefined) counted.delete(oldest);
    },
  };
}

/** Returns the /64 network of an IPv6 address, which one subscriber usually controls; an IPv4 address as it is. */
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
