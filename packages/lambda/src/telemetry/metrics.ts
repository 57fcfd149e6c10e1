/** Counters and latencies in CloudWatch's embedded metric format: each is one log line and no call to AWS. */
export interface Meter {
  /**
   * Adds `by` (default 1) to the counter `name`, with the given dimensions. CloudWatch charges for each combination of
   * their values, so a value that grows with the installations belongs into `properties`.
   */
  count(name: string, dimensions?: Readonly<Record<string, string>>, by?: number, properties?: Properties): void;
  milliseconds(name: string, value: number): void;
}

/** What a log search finds beside the metric. */
type Properties = Readonly<Record<string, string | number>>;

/** The CloudWatch namespace of the metrics unless `METRICS_NAMESPACE` names another. */
export const defaultMetricsNamespace = 'Dispatcher';

/**
 * Creates the meter of a service. Each environment has a namespace of its own: with a shared one, an alarm of `prod` in
 * the same AWS account would also count the failures of `dev`.
 * Each line is written at once: a metric that waits for the end of the invocation is lost
 * if the process dies. The format is that of the CloudWatch page "Specification: Embedded metric format"; Powertools'
 * `singleMetric` writes the same, but takes longer than verifying and parsing a delivery.
 */
export function createMeter(
  service: string,
  namespace = defaultMetricsNamespace,
  write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
): Meter {
  const put = (metric: Metric, dimensions: Readonly<Record<string, string>>, properties: Properties = {}) =>
    write(JSON.stringify(metricLine(namespace, metric, { service, ...dimensions }, properties)));
  return {
    count: (name, dimensions = {}, by = 1, properties = {}) =>
      put({ name, unit: 'Count', value: by }, dimensions, properties),
    milliseconds: (name, value) => put({ name, unit: 'Milliseconds', value }, {}),
  };
}

interface Metric {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds';
  readonly value: number;
}

function metricLine(
  namespace: string,
  { name, unit, value }: Metric,
  dimensions: Readonly<Record<string, string>>,
  rest: Properties,
) {
  return {
    ...rest,
    ...dimensions,
    [name]: value,
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        { Namespace: namespace, Dimensions: [Object.keys(dimensions)], Metrics: [{ Name: name, Unit: unit }] },
      ],
    },
  };
}
