import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Load, Timing } from './webhooks-process.ts';

const bundle = new URL('../../../../functions/ingress/dist/image/handler.mjs', import.meta.url);

// Rate and burst of POST /webhooks/github, and the concurrency of ingress, as Terraform sets them by default.
const rate = 100;
const concurrency = 50;
// What the missed-delivery check requests in a minute, and GitHub's retention of its delivery log.
const redeliveriesPerMinute = 100;
const retentionHours = 72;
// docs/adr/0071-throttling-per-route.md: 10,000 repositories with 7.5 runs a day, on average and at ten times that.
const loads = { average: 2.6, peak: 26 };
const floods = [100, 1_000, 10_000];

/**
 * Measures the CPU time that ingress spends on a delivery with a wrong signature, by the size of its body, and calculates
 * from the limits what remains for GitHub's deliveries in a flood of the route, and how long their redelivery takes.
 */
export async function benchWebhooks(count = 200): Promise<string> {
  if (!existsSync(bundle))
    throw new Error('Run `npm run build` first: functions/ingress/dist/image/handler.mjs is missing.');
  const timings = await measure(count);
  const unexpected = timings.filter(({ statuses, bytes }) => statuses.join() !== (bytes > 4_500_000 ? '413' : '401'));
  if (unexpected.length > 0) throw new Error(`Ingress returned other statuses: ${JSON.stringify(unexpected)}`);
  return [
    'CPU time of a delivery with a wrong signature, median:',
    ...timings.map(({ bytes, medianMs }) => `  ${kilobytes(bytes)}  ${medianMs.toFixed(3).padStart(8)} ms`),
    '',
    `Limits: ${rate} requests/s on the route, ${concurrency} concurrent executions of ingress.`,
    `Of these, ${rate} requests/s of the largest body need ${busiest(timings).toFixed(1)} executions at once.`,
    '',
    'Share of GitHub’s deliveries that the route accepts in a flood, and time to redeliver the rest after an hour of it:',
    ...Object.entries(loads).flatMap(([name, load]) => floods.map((flood) => `  ${shareLine(name, load, flood)}`)),
    '',
  ].join('\n');
}

function measure(count: number): Promise<readonly Timing[]> {
  const child = fork(fileURLToPath(new URL('webhooks-process.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {
      ...process.env,
      AWS_REGION: 'eu-central-1',
      GITHUB_APP_ID: '1',
      RUNS_QUEUE_URL: 'http://127.0.0.1:1/runs',
      HINTS_QUEUE_URL: 'http://127.0.0.1:1/hints',
      ACCESS_TABLE: 'access',
      WEBHOOK_SECRETS_PREFIX: 'webhooks/',
      GITHUB_WEBHOOK_SECRET: 'bench',
      LOG_LEVEL: 'info',
    },
  });
  const load: Load = {
    bundle: bundle.href,
    sizes: [1_000, 25_000, 250_000, 1_000_000, 4_500_000, 6_000_000],
    count,
    headers: {
      'x-github-event': 'workflow_run',
      'x-github-delivery': '00000000-0000-4000-8000-000000000000',
      'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
    },
  };
  return new Promise((resolve, reject) => {
    child.once('message', (timings) => resolve(timings as readonly Timing[]));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The measuring process ended with ${code} and without a result.`)));
    child.send(load);
  });
}

/** Returns how many executions are busy at once at the route's rate with the most expensive body. */
function busiest(timings: readonly Timing[]): number {
  return (Math.max(...timings.map(({ medianMs }) => medianMs)) * rate) / 1_000;
}

function shareLine(name: string, load: number, flood: number): string {
  const share = Math.min(1, rate / (flood + load));
  const refused = load * 3_600 * (1 - share);
  const hours = refused / redeliveriesPerMinute / 60;
  const lost = hours > retentionHours ? '; part of them leave GitHub’s log before' : '';
  return (
    `${name} ${String(load).padStart(4)}/s, flood ${flood.toLocaleString('en').padStart(6)}/s: ` +
    `${(share * 100).toFixed(1).padStart(5)} % accepted, ${Math.round(refused).toLocaleString('en')} refused, ` +
    `${hours.toFixed(1)} h${lost}`
  );
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toLocaleString('en').padStart(5)} KB`;
}
