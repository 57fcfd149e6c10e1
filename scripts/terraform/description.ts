import {
  eventRules,
  eventSources,
  functionTimeouts,
  publishedFacts,
  queues,
  schedules,
  tables,
  undeliveredEventsQueue,
} from '@dispatcher/topology';
import { fileURLToPath } from 'node:url';
import { Configuration as Admin } from '../../functions/admin/src/configuration.ts';
import { Configuration as Dispatch } from '../../functions/dispatch/src/configuration.ts';
import { Configuration as Facts } from '../../functions/facts/src/configuration.ts';
import { Configuration as Ingress } from '../../functions/ingress/src/configuration.ts';
import { Configuration as Planning } from '../../functions/planning/src/configuration.ts';

// Describes for Terraform the resources that the local system creates from the same source. Terraform cannot read
// TypeScript, so the description is committed as JSON; scripts/terraform/description.test.ts fails when it is outdated.

export const descriptionFile = fileURLToPath(
  new URL('../../infrastructure/terraform/modules/dispatcher/description.json', import.meta.url),
);

interface Schema {
  readonly shape: object;
  safeParse(value: unknown): { readonly error?: { readonly issues: readonly { readonly path: PropertyKey[] }[] } };
}

const schemas = { ingress: Ingress, planning: Planning, dispatch: Dispatch, facts: Facts, admin: Admin };

// ADMIN_LISTENS_ON lets the admin API run without authentication on the loopback interface. In an image, the dashboard
// lies beside the bundle.
const localOnly = new Set(['ADMIN_LISTENS_ON', 'DASHBOARD_DIR']);

// Each needed with one kind of authentication only. The private key is required where a function reads nothing without it.
const secretsOfAuthentication = new Set([
  'ADMIN_BASIC_PASSWORD_ARN',
  'GITHUB_CLIENT_SECRET_ARN',
  'OIDC_CLIENT_SECRET_ARN',
]);
const authenticationVariable = 'ADMIN_AUTHENTICATION';

/** Returns the variables that a function reads on AWS, where it gets the ARN of a secret instead of its value. */
export function environmentOf(schema: Schema): { required: string[]; optional: string[] } {
  const all = Object.keys(schema.shape);
  const names = all.filter((name) => !all.includes(`${name}_ARN`) && !localOnly.has(name));
  const isForSignIn = (name: string) => name === 'GITHUB_APP_PRIVATE_KEY_ARN' && all.includes(authenticationVariable);
  const missing = new Set(schema.safeParse({}).error?.issues.map(({ path }) => path[0]));
  const isRequired = (name: string) =>
    missing.has(name) || (name.endsWith('_ARN') && !secretsOfAuthentication.has(name) && !isForSignIn(name));
  return { required: names.filter(isRequired).sort(), optional: names.filter((name) => !isRequired(name)).sort() };
}

const byName = <T extends { readonly name: string }>(entries: readonly T[]) =>
  Object.fromEntries(entries.map(({ name, ...rest }) => [name, rest]));

export function terraformDescription() {
  return {
    functions: Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [
        name,
        {
          timeout: functionTimeouts[name as keyof typeof schemas],
          environment: environmentOf(schema),
          publishedFacts: publishedFacts[name as keyof typeof schemas],
        },
      ]),
    ),
    queues: byName(queues),
    undeliveredEvents: undeliveredEventsQueue,
    rules: byName(eventRules),
    eventSources: Object.fromEntries(eventSources.map((source) => [source.queue, source])),
    schedules: byName(schedules),
    tables: byName(tables.map((table) => ({ ...table, range: table.range ?? null }))),
  };
}
