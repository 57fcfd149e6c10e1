import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One call to DynamoDB, as sent over HTTP. */
export interface WireCall {
  /** For example `Query` or `GetItem`. */
  readonly operation: string;
  readonly input: { readonly TableName: string; readonly IndexName?: string };
  readonly output: { readonly Item?: object; readonly Items?: readonly object[]; readonly [key: string]: unknown };
}

export interface DynamoProxy {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** Returns the calls since the last time, and forgets them. */
  takeCalls(): readonly WireCall[];
  close(): Promise<void>;
}

/** Starts a proxy that records every request sent to DynamoDB, including retries. */
export async function startDynamoProxy(target: string): Promise<DynamoProxy> {
  let calls: WireCall[] = [];
  const server = createServer({ keepAliveTimeout: 0 }, (incoming, outgoing) => {
    void (async () => {
      const { method = 'POST', url = '/', headers } = incoming;
      const input = await text(incoming);
      const upstream = request(new URL(url, target), { method, headers }, (response) => {
        void (async () => {
          const output = await text(response);
          calls.push({
            operation: String(headers['x-amz-target']).split('.').at(-1) ?? '',
            input: JSON.parse(input) as WireCall['input'],
            output: JSON.parse(output) as WireCall['output'],
          });
          outgoing.writeHead(response.statusCode ?? 502, response.headers).end(output);
        })();
      });
      upstream.on('error', (error) => outgoing.destroy(error)).end(input);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeCalls: () => {
      const recorded = calls;
      calls = [];
      return recorded;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
