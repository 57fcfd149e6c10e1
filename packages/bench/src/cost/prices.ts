// List prices of AWS in US dollars, without free tiers and discounts, from the public pages https://aws.amazon.com/lambda/pricing,
// /dynamodb/pricing/on-demand, /sqs/pricing, /eventbridge/pricing, /api-gateway/pricing and /cloudwatch/pricing. They were
// entered by hand: compare them with those pages before you rely on a total.
export const region = 'us-east-1';
export const pricesOf = '2026-11';

const million = 1_000_000;
const gigabyte = 1_000_000_000;

export const prices = {
  httpApiRequest: 1 / million,
  lambdaRequest: 0.2 / million,
  /** arm64, first tier. */
  lambdaGigabyteSecond: 0.000_013_333_4,
  /** Standard queues. */
  sqsRequest: 0.4 / million,
  /** Custom events of up to 64 KB. */
  event: 1 / million,
  archivedEventByte: 0.1 / gigabyte,
  archivedByteMonth: 0.023 / gigabyte,
  /** On demand. */
  writeUnit: 0.625 / million,
  readUnit: 0.125 / million,
  /** Of tables and indexes. */
  storedByteMonth: 0.25 / gigabyte,
  /** Point-in-time recovery of tables, without their indexes. */
  recoverableByteMonth: 0.2 / gigabyte,
  logByte: 0.5 / gigabyte,
  logByteMonth: 0.03 / gigabyte,
} as const;

/** What is not counted but assumed: times on AWS, and what Lambda and the logger add to a log. */
export const assumptions = {
  /** A request to DynamoDB, SQS or EventBridge, and one to GitHub. */
  awsMs: 8,
  gitHubMs: 200,
  /** CPU time of an invocation besides its requests. */
  invocationMs: 5,
  /** Requests of one invocation that are in flight at the same time. */
  parallelRequests: { planning: 1, dispatch: 1, facts: 5, 'roll-up': 5 },
  /** Memory of the functions in GB: the defaults of the Terraform module. */
  gigabytes: { ingress: 0.5, planning: 1, dispatch: 0.5, facts: 0.5, 'roll-up': 0.5 },
  /** The line of ingress, and what the logger adds to each line of the others. */
  ingressLineBytes: 300,
  loggerBytes: 250,
  /** Lambda's own lines of an invocation. */
  platformLogBytes: 350,
  logMonths: 1,
  archiveMonths: 1,
} as const;
