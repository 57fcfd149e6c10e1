import { Fact } from '@dispatcher/contracts';
import { BriefFact, DeliveryRow } from '@dispatcher/store';
import * as z from 'zod';

/** Hand it back as `cursor` for what follows; null at the end. */
const cursor = z.string().nullable();

export const Health = z.object({
  status: z.literal('ok'),
  version: z.string(),
  authentication: z.enum(['disabled', 'basic']),
});

/** Newest first. */
export const Deliveries = z.object({ deliveries: z.array(DeliveryRow).readonly(), cursor });

/** The journey of one delivery, oldest fact first; the checks stand under the run. */
export const Delivery = z.object({ id: z.string(), facts: z.array(BriefFact).readonly(), cursor });

/** Every fact of one run with its checks, in the order of the steps. */
export const Run = z.object({ runKey: z.string(), facts: z.array(Fact).readonly(), cursor });
