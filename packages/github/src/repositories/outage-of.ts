import type { RepositorySnapshot, UnknownSnapshot } from '@dispatcher/contracts';

/** Why repositories cannot be read now. */
export interface Outage {
  /** What could not be read, with the message of GitHub or of the network. */
  readonly message: string;
  /** Before this time no request of the installation is sent, in milliseconds since the epoch; null if none is known. */
  readonly retryAt: number | null;
}

/** Returns the outage that the snapshots show; null if GitHub responded, even if it refused a read. */
export function outageOf(snapshots: readonly (readonly [repository: string, RepositorySnapshot])[]): Outage | null {
  const found = snapshots.flatMap(([repository, snapshot]) =>
    unreadOf(snapshot).flatMap(({ reason, unreachable }) =>
      unreachable === undefined ? [] : [{ message: `${repository}: ${reason}`, retryAt: unreachable.retryAt }],
    ),
  );
  const [first] = found;
  if (first === undefined) return null;
  const times = found.map(({ retryAt }) => retryAt).filter((time) => time !== null);
  return { message: first.message, retryAt: times.length === 0 ? null : Math.max(...times) };
}

function unreadOf(snapshot: RepositorySnapshot): UnknownSnapshot[] {
  if (snapshot.state === 'unknown') return [snapshot];
  if (snapshot.state !== 'read') return [];
  const { files, policy } = snapshot;
  const all = [...Object.values(files), ...(policy === undefined ? [] : [policy])];
  return all.filter((file) => file.state === 'unknown');
}
