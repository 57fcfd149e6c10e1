import { count, gitHubAppVariables, logLevel, metricsNamespace } from '@dispatcher/lambda';
import * as z from 'zod/mini';

/** The environment variables of the ingress function. During a rotation both webhook secrets are valid. */
export const Configuration = z.object({
  /** Webhooks about checks of other Apps are ignored. */
  GITHUB_APP_ID: gitHubAppVariables.GITHUB_APP_ID,
  RUNS_QUEUE_URL: z.string(),
  HINTS_QUEUE_URL: z.string(),
  /** The table of the webhooks of third parties. */
  ACCESS_TABLE: z.string(),
  /** What precedes the id of a webhook in the name of its secret. */
  WEBHOOK_SECRETS_PREFIX: z.string(),
  GITHUB_WEBHOOK_SECRET: z.optional(z.string()),
  GITHUB_WEBHOOK_SECRET_ARN: z.optional(z.string()),
  GITHUB_WEBHOOK_SECRET_PREVIOUS: z.optional(z.string()),
  GITHUB_WEBHOOK_SECRET_PREVIOUS_ARN: z.optional(z.string()),
  /** How long a secret of Secrets Manager is kept after it was read. */
  SECRET_CACHE_SECONDS: count(300),
  LOG_LEVEL: logLevel,
  METRICS_NAMESPACE: metricsNamespace,
});
export type Environment = z.output<typeof Configuration>;
