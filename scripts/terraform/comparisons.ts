import { terraformDescription } from './description.ts';

// Compares the resources that Terraform would create with the description. The resources come from the state of a test
// run, so the comparison covers all modules.

type Values = Readonly<Record<string, unknown>>;

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly values: Values;
}

export interface StateModule {
  /** Without `values` if all of them are unknown until apply. */
  readonly resources?: readonly (Omit<Resource, 'values'> & { readonly values?: Values })[];
  readonly child_modules?: readonly StateModule[];
}

export interface Comparison {
  readonly name: string;
  readonly planned: unknown;
  readonly described: unknown;
}

interface StateLine {
  readonly '@testfile': string;
  readonly '@testrun': string;
  readonly test_state?: { readonly root_module: StateModule };
}

/** Returns the states in the output of `terraform test -json -verbose`, by `FILE: RUN`. */
export function statesIn(output: string): ReadonlyMap<string, StateModule> {
  const states = new Map<string, StateModule>();
  for (const text of output.split('\n').filter((line) => line.includes('"test_state"'))) {
    const line = JSON.parse(text) as StateLine;
    if (line.test_state) states.set(`${line['@testfile']}: ${line['@testrun']}`, line.test_state.root_module);
  }
  return states;
}

export function resourcesOf(module: StateModule): Resource[] {
  const own = (module.resources ?? []).map((resource) => ({ ...resource, values: resource.values ?? {} }));
  return [...own, ...(module.child_modules ?? []).flatMap(resourcesOf)];
}

const first = (value: unknown): Values => (value as readonly Values[])[0] ?? {};
const sorted = (values: unknown): string[] => (values as readonly unknown[]).map(String).sort();
const fromEntries = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

// The test files override ARNs with these, so that the state shows which resource refers to which.
const queueArn = (queue: string) => `arn:aws:sqs:::${queue}`;
const functionArn = (name: string) => `arn:aws:lambda:::function:${name}`;

/** Returns what must be equal in the state of an environment whose resource names begin with `prefix`. */
export function comparisons(root: StateModule, prefix: string): Comparison[] {
  const description = terraformDescription();
  const resources = resourcesOf(root);
  const all = (type: string, name?: string) =>
    resources.filter((resource) => resource.type === type && (name === undefined || resource.name === name));
  return [
    { name: 'queues', ...queues(all, description, prefix) },
    { name: 'tables and indexes', ...tables(all, description, prefix) },
    { name: 'rules', ...rules(all, description, prefix) },
    { name: 'schedules', ...schedules(all, description, prefix) },
    { name: 'event sources', ...eventSources(all, description) },
    { name: 'functions', ...functions(all, description, prefix) },
    { name: 'environment variables', ...environments(all, description, prefix) },
    { name: 'routes', ...routes(all) },
    { name: 'alarms', ...alarms(all, description, prefix) },
    { name: 'settings', ...settings(all, prefix) },
  ];
}

type All = (type: string, name?: string) => Resource[];
type Description = ReturnType<typeof terraformDescription>;
type Pair = Omit<Comparison, 'name'>;

function redrive(queue: Values): unknown[] {
  const policy = JSON.parse(String(queue['redrive_policy'])) as Values;
  return [policy['maxReceiveCount'], policy['deadLetterTargetArn']];
}

function queues(all: All, { queues: described, undeliveredEvents }: Description, prefix: string): Pair {
  return {
    planned: {
      queues: fromEntries(
        all('aws_sqs_queue', 'this').map(({ values }) => [
          String(values['name']),
          [values['message_retention_seconds'], values['visibility_timeout_seconds'], ...redrive(values)],
        ]),
      ),
      deadLetters: sorted(
        [...all('aws_sqs_queue', 'dead_letters'), ...all('aws_sqs_queue', 'undelivered_events')].map(({ values }) =>
          [values['name'], values['message_retention_seconds']].join(' '),
        ),
      ),
    },
    described: {
      queues: fromEntries(
        Object.entries(described).map(([name, queue]) => [
          `${prefix}-${name}`,
          [queue.retention, queue.visibilityTimeout, queue.maxReceiveCount, queueArn(queue.deadLetterQueue)],
        ]),
      ),
      deadLetters: sorted([
        ...Object.values(described).map((queue) => `${prefix}-${queue.deadLetterQueue} ${queue.deadLetterRetention}`),
        `${prefix}-${undeliveredEvents.name} ${undeliveredEvents.retention}`,
      ]),
    },
  };
}

function tables(all: All, { tables: described }: Description, prefix: string): Pair {
  const planned = all('aws_dynamodb_table').map(({ values }) => {
    const indexes = (values['global_secondary_index'] ?? []) as readonly Values[];
    return [
      String(values['name']),
      {
        keys: [values['hash_key'], values['range_key'] ?? null],
        indexes: sorted(
          indexes.map((index) =>
            [index['name'], index['hash_key'], index['range_key'], ...sorted(index['non_key_attributes'] ?? [])].join(
              ' ',
            ),
          ),
        ),
        timeToLive: first(values['ttl'])['attribute_name'],
        billing: values['billing_mode'],
        pointInTimeRecovery: first(values['point_in_time_recovery'])['enabled'],
      },
    ] as const;
  });
  const expected = Object.entries(described).map(([name, { hash, range, indexes, ...rest }]) => {
    const lines = indexes.map((index) => [index.name, index.hash, index.range, ...[...index.include].sort()].join(' '));
    return [`${prefix}-${name}`, { keys: [hash, range], indexes: lines.sort(), ...rest }] as const;
  });
  return { planned: fromEntries(planned), described: fromEntries(expected) };
}

function rules(all: All, { rules: described }: Description, prefix: string): Pair {
  const targets = new Map(all('aws_cloudwatch_event_target', 'queue').map(({ index, values }) => [index, values]));
  return {
    planned: fromEntries(
      all('aws_cloudwatch_event_rule', 'this').map(({ index, values }) => [
        String(values['name']),
        {
          pattern: JSON.parse(String(values['event_pattern'])),
          bus: values['event_bus_name'],
          inputPath: targets.get(index)?.['input_path'],
          queue: targets.get(index)?.['arn'],
        },
      ]),
    ),
    described: fromEntries(
      Object.entries(described).map(([name, { pattern, inputPath, queue }]) => [
        `${prefix}-${name}`,
        { pattern, bus: prefix, inputPath, queue: queueArn(queue) },
      ]),
    ),
  };
}

const rate = (minutes: number) => (minutes === 1 ? 'rate(1 minute)' : `rate(${minutes} minutes)`);

function schedules(all: All, { schedules: described }: Description, prefix: string): Pair {
  const targets = new Map(all('aws_cloudwatch_event_target', 'schedule').map(({ index, values }) => [index, values]));
  return {
    planned: fromEntries(
      all('aws_cloudwatch_event_rule', 'schedule').map(({ index, values }) => [
        String(values['name']),
        [values['schedule_expression'], JSON.parse(String(targets.get(index)?.['input'])), targets.get(index)?.['arn']],
      ]),
    ),
    described: fromEntries(
      Object.entries(described).map(([name, { everySeconds, input, function: target }]) => [
        `${prefix}-${name}`,
        [rate(everySeconds / 60), input, functionArn(target)],
      ]),
    ),
  };
}

function eventSources(all: All, { eventSources: described }: Description): Pair {
  return {
    planned: sorted(
      all('aws_lambda_event_source_mapping').map(({ values }) =>
        [
          values['function_name'],
          values['event_source_arn'],
          values['batch_size'],
          values['maximum_batching_window_in_seconds'],
          first(values['scaling_config'])['maximum_concurrency'],
          ...(values['function_response_types'] as string[]),
        ].join(' '),
      ),
    ),
    described: sorted(
      Object.values(described).map((source) =>
        [
          functionArn(source.function),
          queueArn(source.queue),
          source.batchSize,
          source.batchingWindow,
          source.maximumConcurrency,
          'ReportBatchItemFailures',
        ].join(' '),
      ),
    ),
  };
}

function functions(all: All, { functions: described }: Description, prefix: string): Pair {
  return {
    planned: fromEntries(
      all('aws_lambda_function').map(({ values }) => [
        String(values['function_name']),
        [values['timeout'], values['architectures'], String(values['image_uri']).split('@')[0]],
      ]),
    ),
    described: fromEntries(
      Object.entries(described).map(([name, { timeout }]) => [
        `${prefix}-${name}`,
        [timeout, ['arm64'], `registry.invalid/dispatcher/${name}`],
      ]),
    ),
  };
}

/** The test run sets no `environment_variables`, so functions have the required variables and those Terraform sets itself. */
function environments(all: All, { functions: described }: Description, prefix: string): Pair {
  const provided = new Set([
    'ADMIN_BASIC_USER',
    'ADMIN_BASIC_PASSWORD_ARN',
    'IMAGE_DIGEST',
    'METRICS_NAMESPACE',
    'PUBLIC_URL',
  ]);
  return {
    planned: fromEntries(
      all('aws_lambda_function').map(({ values }) => [
        String(values['function_name']),
        sorted(Object.keys(first(values['environment'])['variables'] as Values)),
      ]),
    ),
    described: fromEntries(
      Object.entries(described).map(([name, { environment }]) => [
        `${prefix}-${name}`,
        [...environment.required, ...environment.optional.filter((variable) => provided.has(variable))].sort(),
      ]),
    ),
  };
}

function routes(all: All): Pair {
  return {
    planned: fromEntries(
      all('aws_apigatewayv2_route').map(({ values }) => [String(values['route_key']), values['target']]),
    ),
    described: {
      'ANY /api/{proxy+}': 'integrations/to-admin',
      'ANY /auth/{proxy+}': 'integrations/to-admin',
      'ANY /dispatch': 'integrations/to-planning',
      'GET /': 'integrations/to-admin',
      'GET /{proxy+}': 'integrations/to-admin',
      'GET /health': 'integrations/to-admin',
      'POST /webhooks/github': 'integrations/to-ingress',
      'POST /webhooks/{name}': 'integrations/to-ingress',
      'POST /webhooks/{name}/{token}': 'integrations/to-ingress',
    },
  };
}

/** Every queue, function and schedule has its alarms. */
function alarms(all: All, { queues, undeliveredEvents, functions, schedules }: Description, prefix: string): Pair {
  const each = (kind: string, of: object) => Object.keys(of).map((name) => `${prefix}-${kind}-${name}`);
  return {
    planned: sorted(
      all('aws_cloudwatch_metric_alarm').map(({ values }) =>
        [values['alarm_name'], ...Object.values((values['dimensions'] ?? {}) as Values)].join(' '),
      ),
    ),
    described: [
      ...each('dead-letters', queues).map((name) => `${name} ${name.replace('dead-letters-', '')}-dead-letters`),
      `${prefix}-dead-letters-${undeliveredEvents.name} ${prefix}-${undeliveredEvents.name}`,
      ...each('oldest-message', queues).map((name) => `${name} ${name.replace('oldest-message-', '')}`),
      ...each('errors', functions).map((name) => `${name} ${name.replace('errors-', '')}`),
      ...each('throttles', functions).map((name) => `${name} ${name.replace('throttles-', '')}`),
      ...each('missed', schedules).map((name) => `${name} ${name.replace('missed-', '')}`),
      `${prefix}-api-errors api`,
      `${prefix}-credentials-refused permanent planning`,
      `${prefix}-deliveries-given-up given-up planning`,
      `${prefix}-failed-dispatches`,
      `${prefix}-refused-signatures`,
      `${prefix}-silence facts`,
      `${prefix}-unreadable-plans config-unreadable planning`,
      `${prefix}-delivery-check planning`,
      `${prefix}-missed-occurrences planning`,
      `${prefix}-schedule-failures planning`,
      `${prefix}-targets-of-patterns planning`,
      `${prefix}-refused-webhook-messages ingress`,
      `${prefix}-forged-decisions decisions decision-not-in-plan dispatch`,
      `${prefix}-outage-give-ups planning`,
      `${prefix}-freshness facts`,
      `${prefix}-projection-lag facts`,
      `${prefix}-rate-limit-core`,
      `${prefix}-rate-limit-graphql`,
    ].sort(),
  };
}

/** The values in which the two environments differ. */
const environmentSettings: Readonly<Record<string, object>> = {
  'dispatcher-dev': { deletionProtection: [false], logDays: [14], archiveDays: [7] },
  'dispatcher-prod': { deletionProtection: [true], logDays: [90], archiveDays: [30] },
};

function settings(all: All, prefix: string): Pair {
  const distinct = (type: string, attribute: string) => [...new Set(all(type).map(({ values }) => values[attribute]))];
  const shares = all('aws_apigatewayv2_stage').flatMap(
    ({ values }) => values['route_settings'] as Readonly<Record<string, unknown>>[],
  );
  const perFunction = (attribute: string) =>
    fromEntries(
      all('aws_lambda_function').map(({ values }) => [
        String(values['function_name']).replace(`${prefix}-`, ''),
        values[attribute],
      ]),
    );
  return {
    planned: {
      deletionProtection: distinct('aws_dynamodb_table', 'deletion_protection_enabled'),
      logDays: distinct('aws_cloudwatch_log_group', 'retention_in_days'),
      archiveDays: distinct('aws_cloudwatch_event_archive', 'retention_days'),
      memory: perFunction('memory_size'),
      reservedConcurrency: perFunction('reserved_concurrent_executions'),
      throttling: fromEntries(
        shares.map((share) => [
          String(share['route_key']),
          [share['throttling_rate_limit'], share['throttling_burst_limit']],
        ]),
      ),
    },
    described: {
      ...environmentSettings[prefix],
      memory: { admin: 512, dispatch: 512, facts: 512, ingress: 512, planning: 1024 },
      reservedConcurrency: { admin: -1, dispatch: -1, facts: -1, ingress: -1, planning: -1 },
      throttling: {
        'ANY /api/{proxy+}': [50, 100],
        'ANY /auth/{proxy+}': [10, 20],
        'ANY /dispatch': [20, 40],
        'GET /': [50, 200],
        'GET /{proxy+}': [50, 200],
        'GET /health': [10, 20],
        'POST /webhooks/github': [100, 200],
        'POST /webhooks/{name}': [20, 40],
        'POST /webhooks/{name}/{token}': [20, 40],
      },
    },
  };
}
