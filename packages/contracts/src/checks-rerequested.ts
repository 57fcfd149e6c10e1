import * as z from 'zod/mini';
import { DateTime } from './date-time.ts';

const id = z.int().check(z.positive());

/**
 * A message on the `runs` queue: somebody clicked "Re-run" at a check run of Dispatcher, or "Re-run all checks" at its check
 * suite. Planning decides again on what was refused, and starts nothing that was started.
 */
export const ChecksRerequested = z.object({
  type: z.literal('checks.rerequested'),
  version: z.literal(1),
  deliveryId: z.string(),
  receivedAt: DateTime,
  installationId: id,
  repository: z.object({ id, owner: z.string(), name: z.string() }),
  suiteId: id,
  /** What Dispatcher stored with the check run, which names the run; null for all check runs of the suite. */
  externalId: z.nullable(z.string()),
  /** Login of who clicked. */
  sender: z.string(),
});
export type ChecksRerequested = z.infer<typeof ChecksRerequested>;

/** Names are at most this long in a message. */
const maxLength = 200;
const text = z.string().check(z.maxLength(maxLength));

const envelope = {
  action: z.literal('rerequested'),
  installation: z.object({ id }),
  repository: z.object({ id, name: text, owner: z.object({ login: text }) }),
  sender: z.object({ login: text }),
};
const app = z.object({ id });
const RunPayload = z.object({
  ...envelope,
  check_run: z.object({ external_id: z.nullish(text), app, check_suite: z.object({ id }) }),
});
const SuitePayload = z.object({ ...envelope, check_suite: z.object({ id, app }) });

/** The webhooks about checks. */
export function isCheckEvent(event: string): event is 'check_run' | 'check_suite' {
  return event === 'check_run' || event === 'check_suite';
}

/**
 * Returns the message of a `check_run` or `check_suite` webhook; null if it is another action, or about the checks of another
 * App. GitHub also reports every check run that this App writes, and reacting to that would be a loop.
 */
export function pickChecksRerequested(
  event: 'check_run' | 'check_suite',
  payload: object,
  { appId, ...delivery }: Pick<ChecksRerequested, 'deliveryId' | 'receivedAt'> & { readonly appId: number },
): ChecksRerequested | null {
  // Before anything else is parsed: GitHub sends many more of the other actions.
  if ((payload as { readonly action?: unknown }).action !== 'rerequested') return null;
  const parsed = event === 'check_run' ? ofRun(payload) : ofSuite(payload);
  if (parsed === null || parsed.appId !== appId) return null;
  const { installation, repository, sender } = parsed.common;
  return {
    type: 'checks.rerequested',
    version: 1,
    ...delivery,
    installationId: installation.id,
    repository: { id: repository.id, owner: repository.owner.login, name: repository.name },
    suiteId: parsed.suiteId,
    externalId: parsed.externalId,
    sender: sender.login,
  };
}

function ofRun(payload: object) {
  const { success, data } = z.safeParse(RunPayload, payload);
  if (!success) return null;
  const { check_run: run } = data;
  return { common: data, appId: run.app.id, suiteId: run.check_suite.id, externalId: run.external_id ?? '' };
}

function ofSuite(payload: object) {
  const { success, data } = z.safeParse(SuitePayload, payload);
  if (!success) return null;
  return { common: data, appId: data.check_suite.app.id, suiteId: data.check_suite.id, externalId: null };
}

/** Returns the id that GitHub stores with the check runs about a run. */
export function checkExternalId(key: string): string {
  return `dispatcher/${key}`;
}

/** Returns the key of which {@link checkExternalId} made an id; null for any other id. */
export function keyOfExternalId(externalId: string): string | null {
  return /^dispatcher\/(.+)$/.exec(externalId)?.[1] ?? null;
}
