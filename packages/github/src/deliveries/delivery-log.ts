import * as z from 'zod/mini';
import type { CallOptions } from '../transport/options.ts';
import type { Transport } from '../transport/transport.ts';

/** One attempt to deliver a webhook. A redelivery is another attempt with the same GUID. */
export interface LoggedDelivery {
  /** Id of the attempt. A string, because it can exceed the integers that a double represents exactly. */
  readonly id: string;
  readonly guid: string;
  readonly deliveredAt: string;
  readonly redelivery: boolean;
  /** `OK`, or GitHub's description of the failure. */
  readonly status: string;
  /** 0 when no response arrived. */
  readonly statusCode: number;
  readonly event: string;
  readonly action: string | null;
}

/** GitHub's log of deliveries. github.com keeps it for three days, GitHub Enterprise Server for seven. */
export interface DeliveryLog {
  /**
   * Returns up to 100 deliveries, newest first, and in `older` the cursor of the next page, null after the last one.
   * @param cursor `older` of the previous page; null for the newest page.
   */
  page(
    cursor: string | null,
    options?: CallOptions,
  ): Promise<{ deliveries: readonly LoggedDelivery[]; older: string | null }>;
  /** Returns the parsed body of the webhook. */
  payload(id: string, options?: CallOptions): Promise<unknown>;
  /** Requests a redelivery. Resolves when GitHub has accepted the request, not when the receiver has responded. */
  redeliver(id: string, options?: CallOptions): Promise<void>;
}

const deliveriesPerPage = 100;

const DeliverySummary = z.object({
  id: z.string(),
  guid: z.string(),
  delivered_at: z.string(),
  redelivery: z.boolean(),
  status: z.string(),
  status_code: z.int(),
  event: z.string(),
  action: z.nullable(z.string()),
});
const DeliveryDetail = z.object({ request: z.object({ payload: z.unknown() }) });

const context = { installationId: null, effect: 'repeatable' } as const;

export function createDeliveryLog(transport: Transport): DeliveryLog {
  const { app } = transport;
  return {
    page: async (cursor, options) => {
      const { data, headers } = await transport.send(
        { ...context, ...options },
        z.array(DeliverySummary),
        async (request) => {
          const response = await app.request('GET /app/hook/deliveries', {
            per_page: deliveriesPerPage,
            ...(cursor === null ? {} : { cursor }),
            request: { ...request, parseSuccessResponseBody: false },
          });
          return { ...response, data: parseDeliveries(await readText(response.data)) };
        },
      );
      return { deliveries: data.map(toDelivery), older: nextCursor(String(headers['link'] ?? '')) };
    },
    payload: async (id, options) => {
      const { data } = await transport.send({ ...context, ...options }, DeliveryDetail, (request) =>
        app.request('GET /app/hook/deliveries/{delivery_id}', { delivery_id: asPathParameter(id), request }),
      );
      return data.request.payload;
    },
    redeliver: async (id, options) => {
      await transport.send({ ...context, ...options }, z.unknown(), (request) =>
        app.request('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id: asPathParameter(id), request }),
      );
    },
  };
}

function toDelivery(summary: z.infer<typeof DeliverySummary>): LoggedDelivery {
  const { delivered_at: deliveredAt, status_code: statusCode, ...rest } = summary;
  return { ...rest, deliveredAt, statusCode };
}

/** With `parseSuccessResponseBody: false` Octokit returns the stream of the body. */
function readText(data: unknown): Promise<string> {
  return new Response(data as ReadableStream).text();
}

/** Quotes the ids before parsing: a rounded id would redeliver another delivery, or none. */
function parseDeliveries(text: string): unknown {
  return JSON.parse(text.replace(/("id":\s*)(\d+)/g, '$1"$2"'));
}

/** Octokit's type requires a number, but its URL template accepts any text. */
function asPathParameter(id: string): number {
  return id as unknown as number;
}

function nextCursor(link: string): string | null {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link)?.[1];
  return next === undefined ? null : new URL(next).searchParams.get('cursor');
}
