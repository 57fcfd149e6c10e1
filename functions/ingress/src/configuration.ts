import { logLevel } from '@dispatcher/lambda';
import * as z from 'zod/mini';

/** The environment of the ingress function. Two live secrets let a rotation pass without a refused delivery. */
export const Configuration = z.object({
  RUNS_QUEUE_URL: z.string(),
  GITHUB_WEBHOOK_SECRET: z.optional(z.string()),
  GITHUB_WEBHOOK_SECRET_ARN: z.optional(z.string()),
  GITHUB_WEBHOOK_SECRET_PREVIOUS: z.optional(z.string()),
  GITHUB_WEBHOOK_SECRET_PREVIOUS_ARN: z.optional(z.string()),
  LOG_LEVEL: logLevel,
});
