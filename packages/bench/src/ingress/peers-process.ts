// A process of `npm run bench -- ingress`: handles the same delivery again and again with one peer, and sends the CPU time of
// one to the parent. Its output is the log of the peer, which the parent ignores.

/** A signed delivery. */
export interface Delivery {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PeerLoad {
  /** The module whose `handle` handles a delivery. */
  readonly module: string;
  readonly delivery: Delivery;
  readonly warmUps: number;
  readonly count: number;
}

interface Peer {
  readonly handle: (delivery: Delivery) => Promise<unknown>;
}

process.once('message', (load: PeerLoad) => void measure(load));

async function measure({ module, delivery, warmUps, count }: PeerLoad): Promise<void> {
  const { handle } = (await import(module)) as Peer;
  for (let index = 0; index < warmUps; index += 1) await handle(delivery);
  const start = process.cpuUsage();
  for (let index = 0; index < count; index += 1) await handle(delivery);
  const { user, system } = process.cpuUsage(start);
  process.send?.((user + system) / count, () => process.exit());
}
