import * as z from 'zod';
import { describeResponse, type Endpoint, type EndpointResponse, newDeliveryId } from './endpoint.ts';
import { type Finding, note, ok, problem, skipped } from '../finding.ts';
import { type Probe, probePayload } from './probe-run.ts';

const Health = z.object({ status: z.literal('ok'), version: z.string(), authentication: z.string() });
export type Health = z.infer<typeof Health>;

export interface HealthReport {
  readonly finding: Finding;
  /** Null: Dispatcher does not respond at this URL. */
  readonly health: Health | null;
}

export async function checkHealth(endpoint: Endpoint): Promise<HealthReport> {
  const response = await endpoint.get('health');
  const health =
    response.state === 'received' && response.status === 200 ? Health.safeParse(response.body).data : undefined;
  if (health !== undefined) {
    const { version, authentication } = health;
    return { health, finding: ok('health', `version ${version}, authentication of the admin API: ${authentication}`) };
  }
  const remedy =
    response.state === 'none'
      ? 'Check --url, and whether Dispatcher runs there. On this machine: npm start.'
      : 'Check that --url is the URL of Dispatcher without /health. Otherwise check the log of the admin function.';
  return { health: null, finding: problem('health', describeResponse(response), remedy) };
}

export interface ApiAccess {
  readonly finding: Finding;
  /** Null if the admin API cannot be read. */
  readonly headers: Readonly<Record<string, string>> | null;
}

/** @param known the credentials of the admin API as headers; null if none are set */
export async function checkApiAccess(
  endpoint: Endpoint,
  { authentication }: Health,
  known: Readonly<Record<string, string>> | null,
): Promise<ApiAccess> {
  const check = 'api';
  if (authentication !== 'disabled' && known === null) {
    const required = authentication === 'basic' ? 'a user and a password' : 'a token or an API key';
    return { headers: null, finding: problem(check, `The admin API needs ${required}`, accessRemedy(authentication)) };
  }
  const headers = known ?? {};
  const response = await endpoint.get('api/deliveries?limit=1', headers);
  if (response.state === 'received' && response.status === 200) {
    return { headers, finding: ok(check, 'the admin API responds') };
  }
  const refused = response.state === 'received' && response.status === 401;
  const remedy = refused
    ? `${accessRemedy(authentication)} The current values are not accepted.`
    : 'Check the log of the admin function.';
  return { headers: null, finding: problem(check, describeResponse(response), remedy) };
}

function accessRemedy(authentication: string): string {
  return authentication === 'basic'
    ? 'Set ADMIN_BASIC_USER (or --user) and ADMIN_BASIC_PASSWORD, or ADMIN_API_KEY.'
    : 'Set ADMIN_API_KEY to a key with the role viewer: dispatcher keys create.';
}

export interface WebhookSecrets {
  readonly current: string;
  /** Null outside a rotation. */
  readonly previous: string | null;
}

/** Checks that pings signed with a current secret are accepted, and that a wrong signature is refused. */
export async function checkSignature(endpoint: Endpoint, secrets: WebhookSecrets): Promise<Finding[]> {
  const ping = (secret: string) =>
    endpoint.deliver({ id: newDeliveryId(), event: 'ping', payload: { zen: 'dispatcher doctor' }, secret });
  const current = await ping(secrets.current);
  if (!isAccepted(current)) return [problem('signature', describeResponse(current), signatureRemedy(current))];
  const findings = [ok('signature', 'a signed ping is accepted')];
  if (secrets.previous !== null && !isAccepted(await ping(secrets.previous))) {
    const remedy = 'Deploy GITHUB_WEBHOOK_SECRET_PREVIOUS, or unset it here if the rotation has ended.';
    findings.push(problem('signature', 'A ping signed with the previous secret is refused', remedy));
  }
  const forged = await ping(`${secrets.current}x`);
  if (forged.state !== 'received' || forged.status !== 401) {
    const remedy = 'Take the webhook offline: anybody can send deliveries. Then check the ingress function.';
    findings.push(
      problem('signature', `A ping with a wrong signature is not refused: ${describeResponse(forged)}`, remedy),
    );
  }
  return findings;
}

function isAccepted(response: EndpointResponse): boolean {
  return response.state === 'received' && response.status === 202;
}

function signatureRemedy(response: EndpointResponse): string {
  if (response.state === 'received' && response.status === 401) {
    return 'Dispatcher has another webhook secret: set the same GITHUB_WEBHOOK_SECRET for Dispatcher and for this command.';
  }
  return response.state === 'received' && response.status === 503
    ? 'Dispatcher cannot read its webhook secret: check the log of the ingress function.'
    : 'Check that --url is the URL of Dispatcher without /webhooks/github. Otherwise check the log of the ingress function.';
}

export interface PollOptions {
  /** How long to wait for the plan. */
  readonly timeoutMs: number;
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

const check = 'run';
const pollIntervalMs = 500;

/** Sends the probe's run and polls the admin API until it returns the plan. */
export async function checkRun(
  endpoint: Endpoint,
  probe: Probe,
  secret: string,
  headers: Readonly<Record<string, string>>,
  poll: PollOptions,
): Promise<Finding> {
  const id = newDeliveryId();
  const payload = probePayload(probe, poll.now());
  const response = await endpoint.deliver({ id, event: 'workflow_run', payload, secret });
  if (response.state === 'none' || response.status !== 202) {
    return problem(
      check,
      `A signed run is not accepted: ${describeResponse(response)}`,
      'Check the log of the ingress function and its queue.',
    );
  }
  const plan = await planOf(endpoint, id, headers, poll);
  if (plan !== null) return findingOf(plan, probe, id);
  return problem(
    check,
    `A signed run was accepted as delivery ${id}, but the admin API has no plan of it after ${poll.timeoutMs / 1000} s`,
    'Check the dead letters, then the logs of the planning and facts functions.',
  );
}

const PlannedFact = z.object({
  type: z.literal('run.planned'),
  data: z.object({ outcome: z.string(), code: z.string(), message: z.string(), fix: z.string() }),
});
type Plan = z.infer<typeof PlannedFact>['data'];
const Delivery = z.object({ facts: z.array(z.object({ runKey: z.nullable(z.string()) })) });
const Run = z.object({ revisions: z.array(z.object({ facts: z.array(z.unknown()) })) });

async function planOf(
  endpoint: Endpoint,
  id: string,
  headers: Readonly<Record<string, string>>,
  { timeoutMs, now, wait }: PollOptions,
): Promise<Plan | null> {
  const deadline = now() + timeoutMs;
  do {
    const plan = await recordedPlanOf(endpoint, id, headers);
    if (plan !== null) return plan;
    await wait(pollIntervalMs);
  } while (now() < deadline);
  return null;
}

/** The delivery names its run, and the history of the run contains the plan. */
async function recordedPlanOf(
  endpoint: Endpoint,
  id: string,
  headers: Readonly<Record<string, string>>,
): Promise<Plan | null> {
  const delivery = await endpoint.get(`api/deliveries/${id}`, headers);
  const found = Delivery.safeParse(delivery.state === 'received' ? delivery.body : null).data?.facts ?? [];
  const runKey = found.find((fact) => fact.runKey !== null)?.runKey ?? null;
  if (runKey === null) return null;
  const run = await endpoint.get(`api/runs/${runKey}`, headers);
  const { revisions } = Run.safeParse(run.state === 'received' ? run.body : null).data ?? { revisions: [] };
  const plans = revisions.flatMap(({ facts }) => facts.map((fact) => PlannedFact.safeParse(fact).data?.data));
  return plans.find((data) => data !== undefined) ?? null;
}

/** The codes of guard rails that deny a run before any file is read. */
const guardRailCodes = new Set(['source-not-allowed', 'source-workflow-not-allowed', 'paused']);

function findingOf({ outcome, code, message, fix }: Plan, { repository, expected }: Probe, id: string): Finding {
  const source = `${repository.owner.login}/${repository.name}`;
  const success = `a signed run of ${source} was planned`;
  if (outcome === 'no-config') return ok(check, `${success} as no-config (delivery ${id})`);
  if (outcome === expected) return ok(check, `${success} as ${outcome}: every repository has a dispatching.yml`);
  if (guardRailCodes.has(code))
    return note(check, `${success}; a guard rail denied it before any file was read: ${message}`);
  return problem(check, `A signed run of ${source} ended as ${outcome} (${code}): ${message}`, fix);
}

export function skippedPipeline(reason: string): Finding[] {
  return ['api', 'signature', 'run'].map((name) => skipped(name, reason));
}
