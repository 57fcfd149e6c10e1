import { describe, expect, test } from '@jest/globals';
import { createMeter } from './metrics.ts';

function lines(use: (meter: ReturnType<typeof createMeter>) => void): unknown[] {
  const written: string[] = [];
  use(createMeter('planning', undefined, (line) => written.push(line)));
  return written.map((line) => JSON.parse(line) as unknown);
}

const timestamp = expect.any(Number);

describe('createMeter', () => {
  test('a counter becomes one line in the embedded metric format', () => {
    expect(lines((meter) => meter.count('Plans', { outcome: 'planned' }))).toEqual([
      {
        service: 'planning',
        outcome: 'planned',
        Plans: 1,
        _aws: {
          Timestamp: timestamp,
          CloudWatchMetrics: [
            {
              Namespace: 'Dispatcher',
              Dimensions: [['service', 'outcome']],
              Metrics: [{ Name: 'Plans', Unit: 'Count' }],
            },
          ],
        },
      },
    ]);
  });

  test('the metrics of an environment have its namespace', () => {
    const written: string[] = [];
    createMeter('planning', 'Dispatcher/dev', (line) => written.push(line)).count('OutageGiveUps');
    expect(JSON.parse(written[0] ?? '')).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Namespace: 'Dispatcher/dev' }] },
    });
  });

  test('a latency has the service as its only dimension', () => {
    const [line] = lines((meter) => meter.milliseconds('FactAge', 12.5)) as [{ FactAge: number; _aws: object }];
    expect(line.FactAge).toBe(12.5);
    expect(line._aws).toMatchObject({
      CloudWatchMetrics: [{ Dimensions: [['service']], Metrics: [{ Name: 'FactAge', Unit: 'Milliseconds' }] }],
    });
  });

  test('a property is in the line and not a dimension', () => {
    const [line] = lines((meter) =>
      meter.count('RateLimitRemaining', { resource: 'core' }, 4_321, { installation: 7 }),
    );
    expect(line).toMatchObject({
      installation: 7,
      resource: 'core',
      RateLimitRemaining: 4_321,
      _aws: { CloudWatchMetrics: [{ Dimensions: [['service', 'resource']] }] },
    });
  });
});
