import * as z from 'zod/mini';
import type { Transport } from './transport.ts';
import type { DeliveryLog, LoggedDelivery } from './types.ts';

const perPage = 100;

const Line = z.object({
  id: z.string(),
  guid: z.string(),
  delivered_at: z.string(),
  redelivery: z.boolean(),
  status: z.string(),
  status_code: z.int(),
  event: z.string(),
  action: z.nullable(z.string()),
});
const Full = z.object({ request: z.object({ payload: z.unknown() }) });

const context = { installationId: null, effect: 'repeatable' } as const;

export function createDeliveryLog(transport: Transport): DeliveryLog {
  const { app } = transport;
  return {
    page: async (cursor, options) => {
      const { data, headers } = await transport.send({ ...context, ...options }, z.array(Line), async (request) => {
        const answer = await app.request('GET /app/hook/deliveries', {
          per_page: perPage,
          ...(cursor === null ? {} : { cursor }),
          request: { ...request, parseSuccessResponseBody: false },
        });
        return { ...answer, data: parseLines(await textOf(answer.data)) };
      });
      return { deliveries: data.map(asDelivery), older: nextCursor(String(headers['link'] ?? '')) };
    },
    payload: async (id, options) => {
      const { data } = await transport.send({ ...context, ...options }, Full, (request) =>
        app.request('GET /app/hook/deliveries/{delivery_id}', { delivery_id: asPathPart(id), request }),
      );
      return data.request.payload;
    },
    redeliver: async (id, options) => {
      await transport.send({ ...context, ...options }, z.unknown(), (request) =>
        app.request('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id: asPathPart(id), request }),
      );
    },
  };
}

function asDelivery(line: z.infer<typeof Line>): LoggedDelivery {
  const { delivered_at: deliveredAt, status_code: statusCode, ...same } = line;
  return { ...same, deliveredAt, statusCode };
}

/** Not parsed by Octokit, it is the stream itself. */
function textOf(data: unknown): Promise<string> {
  return new Response(data as ReadableStream).text();
}

/** A delivery's id can be longer than a double is exact: another one would be redelivered, or none. It stays text. */
function parseLines(text: string): unknown {
  return JSON.parse(text.replace(/("id":\s*)(\d+)/g, '$1"$2"'));
}

/** Octokit's type says number, its URL template takes any text. */
function asPathPart(id: string): number {
  return id as unknown as number;
}

function nextCursor(link: string): string | null {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link)?.[1];
  return next === undefined ? null : new URL(next).searchParams.get('cursor');
}
