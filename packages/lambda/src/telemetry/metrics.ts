import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Counters and latencies in CloudWatch's embedded metric format: each is one log line and no call to AWS. */
export interface Meter {
  /** Adds `by` (default 1) to the counter `name`, with the given dimensions. */
  count(name: string, dimension?: Readonly<Record<string, string>>, by?: number): void;
  milliseconds(name: string, value: number): void;
}

export function createMeter(service: string): Meter {
  const metrics = new Metrics({ namespace: 'Dispatcher', serviceName: service });
  return {
    count: (name, dimension = {}, by = 1) => {
      // `singleMetric` writes at once: a metric that waits for the end of the invocation is lost if the process dies.
      const single = metrics.singleMetric();
      for (const [key, value] of Object.entries(dimension)) single.addDimension(key, value);
      single.addMetric(name, MetricUnit.Count, by);
    },
    milliseconds: (name, value) => {
      metrics.singleMetric().addMetric(name, MetricUnit.Milliseconds, value);
    },
  };
}
