import {
  eventRules,
  eventSources,
  functionTimeouts,
  queues,
  schedules,
  undeliveredEventsQueue,
} from '@dispatcher/topology';
import { tables } from '@dispatcher/topology';
import { fileURLToPath } from 'node:url';
import { Configuration as Admin } from '../functions/admin/src/configuration.ts';
import { Configuration as Dispatch } from '../functions/dispatch/src/configuration.ts';
import { Configuration as Facts } from '../functions/facts/src/configuration.ts';
import { Configuration as Ingress } from '../functions/ingress/src/configuration.ts';
import { Configuration as Planning } from '../functions/planning/src/configuration.ts';

// What Terraform creates, from the one description that the local system is created from too. Terraform cannot read
// TypeScript, so it reads this as JSON; scripts/terraform-description.test.ts fails while the file is not what this
// says.

export const descriptionFile = fileURLToPath(
  new URL('../infrastructure/terraform/modules/dispatcher/description.json', import.meta.url),
);

interface Schema {
  readonly shape: object;
  safeParse(value: unknown): { readonly error?: { readonly issues: readonly { readonly path: PropertyKey[] }[] } };
}

const schemas = { ingress: Ingress, planning: Planning, dispatch: Dispatch, facts: Facts, admin: Admin };

// Says that the admin API is served on this machine only, which is never so on AWS.
const onOneMachineOnly = new Set(['ADMIN_LISTENS_ON']);

// Those of the admin API's password: with a provider of tokens there is nobody to give it.
const ofOneModeOnly = new Set(['ADMIN_BASIC_PASSWORD_ARN']);

/** The variables a function takes on AWS: a secret comes by its ARN there, never by its value. */
export function environmentOf(schema: Schema): { required: string[]; optional: string[] } {
  const all = Object.keys(schema.shape);
  const names = all.filter((name) => !all.includes(`${name}_ARN`) && !onOneMachineOnly.has(name));
  const missing = new Set(schema.safeParse({}).error?.issues.map(({ path }) => path[0]));
  const isRequired = (name: string) => missing.has(name) || (name.endsWith('_ARN') && !ofOneModeOnly.has(name));
  return { required: names.filter(isRequired).sort(), optional: names.filter((name) => !isRequired(name)).sort() };
}

const byName = <T extends { readonly name: string }>(entries: readonly T[]) =>
  Object.fromEntries(entries.map(({ name, ...rest }) => [name, rest]));

export function terraformDescription() {
  return {
    functions: Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [
        name,
        { timeout: functionTimeouts[name as keyof typeof schemas], environment: environmentOf(schema) },
      ]),
    ),
    queues: byName(queues),
    undelivered: undeliveredEventsQueue,
    rules: byName(eventRules),
    eventSources: Object.fromEntries(eventSources.map((source) => [source.function, source])),
    schedules: byName(schedules),
    tables: byName(tables.map((table) => ({ ...table, range: table.range ?? null }))),
  };
}
