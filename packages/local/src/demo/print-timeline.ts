import { runPageOf } from '@dispatcher/contracts';
import { type CiRun, completeRun } from '../app/emulator.ts';
import { describeClosestRule, readFactsOfRun } from './failed-checks.ts';
import { waitForTimeline, describeFacts, type Progress, readFacts } from './timeline.ts';

/** Long enough for the first cold start of every function on a slow machine. */
const limitMs = 120_000;
/** A report to a tracking issue may be queued behind others; the user should not wait for it. */
const issueReportWaitMs = 5_000;

/** Returns the page of the run in the dashboard; of a delivery without a run, the page of the delivery. */
export function pageOf(url: string, responseBody: string | null, deliveryId: string): string {
  const accepted = /"(?:accepted|recorded)":"([^"]+)"/.exec(responseBody ?? '')?.[1];
  return accepted === undefined ? `${url}/deliveries/${deliveryId}` : runPageOf(url, accepted);
}

/** Completes a run and prints its timeline, using only the emulator's control API and the admin API. */
export async function printTimeline(options: {
  readonly url: string;
  readonly emulatorUrl: string;
  /** The token of the emulator's control API. */
  readonly emulatorToken: string;
  readonly run: CiRun;
  readonly headers: Record<string, string>;
  readonly print: (line: string) => void;
  readonly signal?: AbortSignal;
}): Promise<Progress> {
  const { url, emulatorUrl, emulatorToken, run, headers, print, signal } = options;
  const started = Date.now();
  const { run: completed, delivery, notDelivered } = await completeRun(emulatorUrl, run, emulatorToken);
  print(`A workflow run of ${run.repository} ${run.workflow} completed: ${completed.htmlUrl}`);
  if (delivery === null) throw new Error(`The emulator sent no delivery: ${notDelivered ?? 'no reason given'}`);
  const seconds = ((Date.now() - started) / 1000).toFixed(2).padStart(6);
  print(`${seconds} s  delivery ${delivery.guid} sent: status ${delivery.statusCode}`);
  print(`            ${delivery.responseBody ?? ''}`);
  if (delivery.statusCode !== 202) return 'open';
  if (delivery.responseBody?.includes('"ignored"')) return 'complete';
  const { facts, progress } = await waitForTimeline(() => readFacts(url, delivery.guid, headers), {
    limitMs,
    issueReportWaitMs,
    ...(signal === undefined ? {} : { signal }),
  });
  for (const line of describeFacts(facts, started)) print(line);
  const unmatched = facts.find((fact) => fact.type === 'run.planned' && fact.data.outcome === 'no-match');
  if (unmatched?.type === 'run.planned') {
    const withChecks = await readFactsOfRun(url, unmatched.runKey, headers);
    for (const line of describeClosestRule(withChecks)) print(`            ${line}`);
  }
  const total = ((Date.now() - started) / 1000).toFixed(2).padStart(6);
  print(
    `${total} s  ${facts.length === 1 ? '1 fact' : `${facts.length} facts`} recorded: ${pageOf(url, delivery.responseBody, delivery.guid)}`,
  );
  if (progress === 'open') print('            The delivery is not processed yet. See the logs.');
  if (progress === 'dispatched')
    print('            The tracking issue is unchanged: it says this already, or its change is still to come.');
  return progress;
}
