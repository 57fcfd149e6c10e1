import type { APIGatewayProxyEventV2 } from 'aws-lambda';

// The process of `npm run bench -- webhooks`: imports the bundled ingress function, as Lambda does, and sends the time of
// each request to the parent. Its output is ignored: it is the log and the metrics of the function.

/** The bytes of the bodies to send, the number of requests for each, and the headers. */
export interface Load {
  readonly bundle: string;
  readonly sizes: readonly number[];
  readonly count: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The median of one size, and the statuses that were returned. */
export interface Timing {
  readonly bytes: number;
  readonly medianMs: number;
  readonly statuses: readonly number[];
}

type Handler = (
  event: Pick<APIGatewayProxyEventV2, 'rawPath' | 'headers' | 'body' | 'isBase64Encoded'>,
) => Promise<{ statusCode: number }>;

process.once('message', (load: Load) => void measure(load));

async function measure({ bundle, sizes, count, headers }: Load): Promise<void> {
  const { handler } = (await import(bundle)) as { readonly handler: Handler };
  const timings: Timing[] = [];
  for (const bytes of sizes) {
    const body = 'a'.repeat(bytes);
    const times: number[] = [];
    const statuses = new Set<number>();
    for (let index = 0; index < count; index += 1) {
      const start = process.cpuUsage();
      const { statusCode } = await handler({
        rawPath: '/webhooks/github',
        headers: { ...headers },
        body,
        isBase64Encoded: false,
      });
      const { user, system } = process.cpuUsage(start);
      times.push((user + system) / 1_000);
      statuses.add(statusCode);
    }
    times.sort((one, other) => one - other);
    timings.push({ bytes, medianMs: times[Math.floor(count / 2)] ?? 0, statuses: [...statuses] });
  }
  process.send?.(timings, () => process.disconnect());
}
