import { type CiRun, completeRun } from '../app/emulator.ts';
import { waitForTimeline, describeFacts, type Progress, readFacts } from './timeline.ts';

/** Time enough for a first cold start of everything on a slow machine. */
const limitMs = 120_000;
/** A report waits for the one before it on the same route; a person at a terminal need not. */
const issueReportWaitMs = 5_000;

/** Lets one run complete and prints what came of it, seen from outside only. */
export async function printTimeline(options: {
  readonly url: string;
  readonly emulatorUrl: string;
  readonly run: CiRun;
  readonly headers: Record<string, string>;
  readonly print: (line: string) => void;
  readonly signal?: AbortSignal;
}): Promise<Progress> {
  const { url, emulatorUrl, run, headers, print, signal } = options;
  const started = Date.now();
  const { run: completed, delivery, notDelivered } = await completeRun(emulatorUrl, run);
  print(`A run of ${run.repository} ${run.workflow} completed: ${completed.htmlUrl}`);
  if (delivery === null) throw new Error(`No delivery was sent: ${notDelivered ?? 'the emulator gave no reason'}`);
  const seconds = ((Date.now() - started) / 1000).toFixed(2).padStart(6);
  print(`${seconds} s  delivery ${delivery.guid} signed, sent and answered ${delivery.statusCode}`);
  print(`            ${delivery.responseBody ?? ''}`);
  if (delivery.statusCode !== 202) return 'open';
  if (delivery.responseBody?.includes('"ignored"')) return 'complete';
  const { facts, progress } = await waitForTimeline(() => readFacts(url, delivery.guid, headers), {
    limitMs,
    issueReportWaitMs,
    ...(signal === undefined ? {} : { signal }),
  });
  for (const line of describeFacts(facts, started)) print(line);
  const total = ((Date.now() - started) / 1000).toFixed(2).padStart(6);
  print(`${total} s  ${facts.length} facts recorded: ${url}/api/deliveries/${delivery.guid}`);
  if (progress === 'open') print('            The journey is not complete yet; the logs may say why.');
  if (progress === 'dispatched') print('            The report to the tracking issue follows.');
  return progress;
}
