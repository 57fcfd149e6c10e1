import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One call as it went over the wire. */
export interface WireCall {
  /** `Query`, `GetItem`. */
  readonly operation: string;
  readonly input: { readonly TableName: string; readonly IndexName?: string };
  readonly output: { readonly Item?: object; readonly Items?: readonly object[]; readonly [key: string]: unknown };
}

export interface DynamoProxy {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** The calls since it was asked last. */
  take(): readonly WireCall[];
  close(): Promise<void>;
}

/** Stands in front of DynamoDB and sees every request that is really sent, retries included. */
export async function startDynamoProxy(target: string): Promise<DynamoProxy> {
  let calls: WireCall[] = [];
  const server = createServer({ keepAliveTimeout: 0 }, (incoming, outgoing) => {
    void (async () => {
      const { method = 'POST', url = '/', headers } = incoming;
      const input = await text(incoming);
      const upstream = request(new URL(url, target), { method, headers }, (answer) => {
        void (async () => {
          const output = await text(answer);
          calls.push({
            operation: String(headers['x-amz-target']).split('.').at(-1) ?? '',
            input: JSON.parse(input) as WireCall['input'],
            output: JSON.parse(output) as WireCall['output'],
          });
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(output);
        })();
      });
      upstream.on('error', (error) => outgoing.destroy(error)).end(input);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => {
      const taken = calls;
      calls = [];
      return taken;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
