import * as z from 'zod';

const cursor = z.string().max(4_000).optional();

// Strict: a filter that is not served and silently ignored would be taken for an answer.
export const PageQuery = z.strictObject({ cursor });
export const ListQuery = z.strictObject({
  cursor,
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const DeliveryParams = z.object({ id: z.string().min(1).max(200) });
export const RunParams = z.object({
  runKey: z.string().regex(/^\d{1,20}-\d{1,20}-\d{1,20}$/, 'write repository id, run id and attempt: 11-9000000001-1'),
});
