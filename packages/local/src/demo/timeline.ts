import { confirmedRepository, counted, type FactType, isDryRun, routeLabel } from '@dispatcher/contracts';
import type { FactLine, RecordedFact, RunRevision } from '@dispatcher/store';
import { setTimeout as delay } from 'node:timers/promises';

type FactOf<T extends FactType> = Extract<RecordedFact, { type: T }>;

function ofType<T extends FactType>(facts: readonly RecordedFact[], type: T): FactOf<T>[] {
  return facts.filter((fact): fact is FactOf<T> => fact.type === type);
}

/**
 * `open`: a decision or a dispatch is still missing. `dispatched`: only reports to tracking issues are missing, which may
 * be queued behind those of other runs. `complete`: the delivery is processed.
 */
export type Progress = 'open' | 'dispatched' | 'complete';

export function progressOf(facts: readonly RecordedFact[]): Progress {
  if (facts.some(({ type }) => type === 'delivery.repeated' || type === 'delivery.ignored')) return 'complete';
  const [plan] = ofType(facts, 'run.planned');
  if (plan === undefined) return 'open';
  const decisions = ofType(facts, 'route.decided').map(({ data }) => data.decision);
  const { allowed, denied } = plan.data;
  const ended = [...ofType(facts, 'dispatch.accepted'), ...ofType(facts, 'dispatch.failed')];
  if (decisions.length < allowed + denied || ended.length < allowed) return 'open';
  const reports = ofType(facts, 'issue.reported');
  const mustBeReported = decisions.filter(({ effect, responsible }) => effect === 'deny' && responsible !== 'nobody');
  return mustBeReported.every(({ dispatchId }) => reports.some(({ data }) => data.dispatchId === dispatchId))
    ? 'complete'
    : 'dispatched';
}

/** Formats the facts of one delivery. Times are relative to `since` (milliseconds since the epoch). */
export function describeFacts(facts: readonly RecordedFact[], since: number): string[] {
  return facts.flatMap((fact) => {
    const [first = '', ...more] = describe(fact);
    const seconds = ((Date.parse(fact.time) - since) / 1000).toFixed(2).padStart(6);
    return [`${seconds} s  ${first}`, ...more.map((line) => `            ${line}`)];
  });
}

function describe(fact: RecordedFact): string[] {
  switch (fact.type) {
    case 'run.delayed':
      return [`delayed  ${fact.data.message}`, `next try at ${fact.data.nextTryAt}`];
    case 'run.planned':
      return describePlan(fact);
    case 'route.decided':
      return describeDecision(fact);
    case 'dispatch.accepted':
      return [
        `started  ${routeLabel(fact.data.route)} on ${fact.data.ref}`,
        fact.data.htmlUrl ?? 'GitHub returned no run id',
      ];
    case 'dispatch.failed':
      return [`failed   ${routeLabel(fact.data.route)}`, `${fact.data.code}: ${fact.data.message}`, fact.data.fix];
    case 'issue.reported':
      return [`issue    ${fact.data.action} for ${fact.data.code}: ${fact.data.htmlUrl ?? fact.data.repository}`];
    case 'plan.reported':
      return [`issue    ${fact.data.action} for ${fact.data.code}: ${fact.data.htmlUrl ?? fact.data.repository}`];
    case 'dispatch.completed':
      return [`ended    ${routeLabel(fact.data.route)} with ${fact.data.conclusion ?? 'no conclusion'}`];
    case 'delivery.repeated':
      return [`repeated the run was already planned for delivery ${fact.data.firstDeliveryId}`];
    case 'delivery.ignored':
      return [`ignored  ${fact.data.reason}`, fact.data.message];
    case 'operator.acted':
      return [`replay   ${fact.data.action} by ${fact.data.operator}: ${fact.data.reason}`];
    case 'deliveries.checked':
      return [
        `checked  GitHub’s delivery log: ${fact.data.redelivered.length} of ${fact.data.failed} failed deliveries redelivered`,
      ];
    case 'dead-letter.acted':
      return [`dead letter ${fact.data.result} by ${fact.data.operator}: ${fact.data.reason}`];
    case 'key.changed':
      return [`key      ${fact.data.name} ${fact.data.action} by ${fact.data.operator}: ${fact.data.reason}`];
    case 'pause.changed':
      return [`dispatch ${fact.data.action} by ${fact.data.operator}: ${fact.data.reason}`];
    case 'repository.confirmed':
      return [`confirm  ${confirmedRepository(fact.data)} by ${fact.data.operator}: ${fact.data.reason}`];
    case 'schedule.changed':
      return [`schedule ${fact.data.name} ${fact.data.action} by ${fact.data.operator}: ${fact.data.reason}`];
    case 'schedule.missed':
      return [`missed   ${counted(fact.data.count, 'occurrence')} of schedule ${fact.data.name}`];
    case 'webhook.changed':
      return [`webhook  ${fact.data.name} ${fact.data.action} by ${fact.data.operator}: ${fact.data.reason}`];
    case 'bulk-replay.changed':
      return [
        `replay   of ${counted(fact.data.selected, 'run')} ${fact.data.action} by ${fact.data.operator}: ${fact.data.reason}`,
      ];
    case 'config.checked':
      return [`checked  ${fact.data.repository} at ${fact.data.sha}: its dispatching.yml is ${fact.data.state}`];
    case 'config.observed':
      return [`observed ${fact.data.repository}: its dispatching.yml is ${fact.data.state}`];
    default:
      return [`dead letter in ${fact.data.queue}: ${fact.data.reason}`, fact.data.detail];
  }
}

function describePlan({ data }: FactOf<'run.planned'>): string[] {
  const file = data.sourceFile === undefined ? '' : `, read ${data.sourceFile.repository}:${data.sourceFile.path}`;
  const head = `plan     ${data.outcome}: ${data.allowed} allowed, ${data.denied} denied${file}`;
  return data.outcome === 'planned' ? [head] : [head, data.message, data.fix];
}

function describeDecision({ data: { decision } }: FactOf<'route.decided'>): string[] {
  const { effect, route, code, message, fix, targetFile } = decision;
  const file = targetFile === undefined ? '' : `, read ${targetFile.repository}:${targetFile.path}`;
  const head = `${(isDryRun(decision) ? 'dry run' : effect).padEnd(8)} ${routeLabel(route)}${file}`;
  return effect === 'allow' ? [head] : [head, `${code}: ${message}`, fix];
}

/** Reads all facts of the run of a delivery from the admin API; none until it is recorded. @throws Error if a request fails */
export async function readFacts(
  url: string,
  deliveryId: string,
  headers: Record<string, string> = {},
): Promise<RecordedFact[]> {
  const found = await read<{ facts: FactLine[] }>(`${url}/api/deliveries/${deliveryId}`, headers);
  const runKey = found?.facts.find((line) => line.runKey !== null)?.runKey ?? null;
  if (runKey === null) return [];
  const run = await read<{ revisions: RunRevision[] }>(`${url}/api/runs/${runKey}`, headers);
  // A run that was delivered twice has facts of both deliveries.
  return (run?.revisions ?? [])
    .toReversed()
    .flatMap(({ facts }) => facts)
    .filter(({ correlationId }) => correlationId === deliveryId);
}

/** Returns the response; null if nothing is recorded. */
async function read<Response>(url: string, headers: Record<string, string>): Promise<Response | null> {
  const response = await fetch(url, { headers });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`The admin API returned ${response.status}: ${await response.text()}`);
  return (await response.json()) as Response;
}

/**
 * Reads the facts until the delivery is processed or `limitMs` have passed. Waits at most `issueReportWaitMs` once only
 * reports to tracking issues are missing.
 */
export async function waitForTimeline(
  read: () => Promise<readonly RecordedFact[]>,
  {
    limitMs,
    issueReportWaitMs = limitMs,
    signal,
  }: { limitMs: number; issueReportWaitMs?: number; signal?: AbortSignal },
): Promise<{ facts: readonly RecordedFact[]; progress: Progress }> {
  let deadline = Date.now() + limitMs;
  for (let onlyReportsMissing = false; ; ) {
    const facts = await read();
    const progress = progressOf(facts);
    if (progress === 'dispatched' && !onlyReportsMissing) {
      onlyReportsMissing = true;
      deadline = Math.min(deadline, Date.now() + issueReportWaitMs);
    }
    if (progress === 'complete' || Date.now() > deadline) return { facts, progress };
    await delay(100, undefined, signal === undefined ? {} : { signal });
  }
}
