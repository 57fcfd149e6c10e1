import { type CiRun, completeRun } from './emulator.ts';
import { awaitJourney, describeFacts, type Progress, readFacts } from './journey.ts';

/** Time enough for a first cold start of everything on a slow machine. */
const limitMs = 120_000;
/** A report waits for the one before it on the same route; a person at a terminal need not. */
const reportsMs = 5_000;

/** Lets one run complete and prints what came of it, seen from outside only. */
export async function printJourney(options: {
  readonly url: string;
  readonly emulatorUrl: string;
  readonly run: CiRun;
  readonly headers: Record<string, string>;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}): Promise<Progress> {
  const { url, emulatorUrl, run, headers, say, signal } = options;
  const started = Date.now();
  const { run: completed, delivery, notDelivered } = await completeRun(emulatorUrl, run);
  say(`A run of ${run.repository} ${run.workflow} completed: ${completed.htmlUrl}`);
  if (delivery === null) throw new Error(`No delivery was sent: ${notDelivered ?? 'the emulator gave no reason'}`);
  const seconds = ((Date.now() - started) / 1000).toFixed(2).padStart(6);
  say(`${seconds} s  delivery ${delivery.guid} signed, sent and answered ${delivery.statusCode}`);
  say(`            ${delivery.responseBody ?? ''}`);
  if (delivery.statusCode !== 202) return 'open';
  if (delivery.responseBody?.includes('"ignored"')) return 'complete';
  const { facts, progress } = await awaitJourney(() => readFacts(url, delivery.guid, headers), {
    limitMs,
    reportsMs,
    ...(signal === undefined ? {} : { signal }),
  });
  for (const line of describeFacts(facts, started)) say(line);
  const total = ((Date.now() - started) / 1000).toFixed(2).padStart(6);
  say(`${total} s  ${facts.length} facts recorded: ${url}/api/deliveries/${delivery.guid}`);
  if (progress === 'open') say('            The journey is not complete yet; the logs may say why.');
  if (progress === 'acted') say('            The report to the tracking issue follows.');
  return progress;
}
