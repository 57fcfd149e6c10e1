import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Counters and latencies in CloudWatch's embedded metric format: one line of the log each, no call to AWS. */
export interface Meter {
  /** One more of `name`, by one dimension (an answer, a code, a state). */
  count(name: string, dimension?: Readonly<Record<string, string>>, by?: number): void;
  milliseconds(name: string, value: number): void;
}

export function createMeter(service: string): Meter {
  const metrics = new Metrics({ namespace: 'Dispatcher', serviceName: service });
  return {
    count: (name, dimension = {}, by = 1) => {
      // A single metric is written at once: one that waits for the end of an invocation is lost when the process dies.
      const single = metrics.singleMetric();
      for (const [key, value] of Object.entries(dimension)) single.addDimension(key, value);
      single.addMetric(name, MetricUnit.Count, by);
    },
    milliseconds: (name, value) => {
      metrics.singleMetric().addMetric(name, MetricUnit.Milliseconds, value);
    },
  };
}
