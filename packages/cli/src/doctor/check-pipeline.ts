import * as z from 'zod';
import { type Answer, deliveryId, described, type Endpoint } from './endpoint.ts';
import { type Finding, note, ok, problem, skipped } from '../finding.ts';
import { type Probe, probePayload } from './probe-run.ts';

const Health = z.object({ status: z.literal('ok'), version: z.string(), authentication: z.string() });
export type Health = z.infer<typeof Health>;

export interface ExaminedHealth {
  readonly finding: Finding;
  /** Null: nothing that is asked of this address can be answered. */
  readonly health: Health | null;
}

export async function examineHealth(endpoint: Endpoint): Promise<ExaminedHealth> {
  const answer = await endpoint.get('health');
  const health = answer.state === 'answered' && answer.status === 200 ? Health.safeParse(answer.body).data : undefined;
  if (health !== undefined) {
    const { version, authentication } = health;
    return { health, finding: ok('health', `version ${version}, authentication of the API: ${authentication}`) };
  }
  const remedy =
    answer.state === 'none'
      ? 'Is --url right, and does Dispatcher run there? On this machine: npm start.'
      : 'Is --url the address of Dispatcher, without /health? Otherwise look at the log of the admin function.';
  return { health: null, finding: problem('health', described(answer), remedy) };
}

export interface Access {
  readonly finding: Finding;
  /** Null where the API cannot be read. */
  readonly headers: Readonly<Record<string, string>> | null;
}

/** @param known the credentials for the admin API as headers; null: none are known */
export async function examineAccess(
  endpoint: Endpoint,
  { authentication }: Health,
  known: Readonly<Record<string, string>> | null,
): Promise<Access> {
  const check = 'api';
  if (authentication !== 'disabled' && known === null) {
    const what = authentication === 'basic' ? 'a user and a password' : 'a token or a key';
    return { headers: null, finding: problem(check, `The API asks for ${what}`, accessRemedy(authentication)) };
  }
  const headers = known ?? {};
  const answer = await endpoint.get('api/deliveries?limit=1', headers);
  if (answer.state === 'answered' && answer.status === 200) {
    return { headers, finding: ok(check, 'the API answers') };
  }
  const refused = answer.state === 'answered' && answer.status === 401;
  const remedy = refused
    ? `${accessRemedy(authentication)} What is set is not what the API has.`
    : 'Look at the log of the admin function.';
  return { headers: null, finding: problem(check, described(answer), remedy) };
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

/** Pings signed with each live secret are taken, and one signed with another is not. */
export async function examineSignature(endpoint: Endpoint, secrets: WebhookSecrets): Promise<Finding[]> {
  const ping = (secret: string) =>
    endpoint.deliver({ id: deliveryId(), event: 'ping', payload: { zen: 'dispatcher doctor' }, secret });
  const current = await ping(secrets.current);
  if (!taken(current)) return [problem('signature', described(current), signatureRemedy(current))];
  const findings = [ok('signature', 'a signed ping is taken')];
  if (secrets.previous !== null && !taken(await ping(secrets.previous))) {
    const remedy = 'Deploy GITHUB_WEBHOOK_SECRET_PREVIOUS, or unset it here when the rotation is over.';
    findings.push(problem('signature', 'A ping signed with the previous secret is refused', remedy));
  }
  const forged = await ping(`${secrets.current}x`);
  if (forged.state !== 'answered' || forged.status !== 401) {
    const remedy = 'Take the webhook offline: everybody can send deliveries. Then look at the ingress function.';
    findings.push(problem('signature', `A ping with a wrong signature is answered ${described(forged)}`, remedy));
  }
  return findings;
}

function taken(answer: Answer): boolean {
  return answer.state === 'answered' && answer.status === 202;
}

function signatureRemedy(answer: Answer): string {
  if (answer.state === 'answered' && answer.status === 401) {
    return 'Dispatcher has another webhook secret: give it GITHUB_WEBHOOK_SECRET, or this command the one it has.';
  }
  return answer.state === 'answered' && answer.status === 503
    ? 'Dispatcher cannot read its webhook secret: look at the ingress log.'
    : 'Is --url the address that ends before /webhooks/github? Otherwise look at the ingress log.';
}

export interface Waiting {
  /** How long the plan may take, in milliseconds. */
  readonly limitMs: number;
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

const check = 'run';
const askAgainMs = 500;

/** Sends the run of the probe and waits until the API tells its plan. */
export async function examineRun(
  endpoint: Endpoint,
  probe: Probe,
  secret: string,
  headers: Readonly<Record<string, string>>,
  waiting: Waiting,
): Promise<Finding> {
  const id = deliveryId();
  const payload = probePayload(probe, waiting.now());
  const answer = await endpoint.deliver({ id, event: 'workflow_run', payload, secret });
  if (answer.state === 'none' || answer.status !== 202) {
    return problem(check, `A signed run is answered ${described(answer)}`, 'Look at the ingress log and at its queue.');
  }
  const plan = await planOf(endpoint, id, headers, waiting);
  if (plan !== null) return findingOf(plan, probe, id);
  return problem(
    check,
    `A signed run was taken as delivery ${id}, and the API knows no plan of it after ${waiting.limitMs / 1000} s`,
    'Look at the dead letters and at the logs of planning and facts, in this order.',
  );
}

const Plan = z.object({
  type: z.literal('run.planned'),
  data: z.object({ outcome: z.string(), code: z.string(), message: z.string(), fix: z.string() }),
});
type Plan = z.infer<typeof Plan>['data'];
const Delivery = z.object({ facts: z.array(z.unknown()) });

async function planOf(
  endpoint: Endpoint,
  id: string,
  headers: Readonly<Record<string, string>>,
  { limitMs, now, wait }: Waiting,
): Promise<Plan | null> {
  const deadline = now() + limitMs;
  do {
    const answer = await endpoint.get(`api/deliveries/${id}`, headers);
    const { facts } = Delivery.safeParse(answer.state === 'answered' ? answer.body : null).data ?? { facts: [] };
    const plan = facts.map((fact) => Plan.safeParse(fact).data?.data).find((data) => data !== undefined);
    if (plan !== undefined) return plan;
    await wait(askAgainMs);
  } while (now() < deadline);
  return null;
}

/** Codes by which the operator's own guard rails stop a run before anything is read. */
const guarded = new Set(['source-not-allowed', 'source-workflow-not-allowed', 'paused']);

function findingOf({ outcome, code, message, fix }: Plan, { repository, expected }: Probe, id: string): Finding {
  const where = `${repository.owner.login}/${repository.name}`;
  const way = `a signed run of ${where} went the whole way`;
  if (outcome === 'no-config') return ok(check, `${way} and is seen as no-config (delivery ${id})`);
  if (outcome === expected)
    return ok(check, `${way} and is seen as ${outcome}: every repository has a dispatching.yml`);
  if (guarded.has(code)) return note(check, `${way}; a guard rail stopped it before anything was read: ${message}`);
  return problem(check, `A signed run of ${where} ended as ${outcome} (${code}): ${message}`, fix);
}

export function skippedWay(because: string): Finding[] {
  return ['api', 'signature', 'run'].map((name) => skipped(name, because));
}
