import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';

interface Operation {
  readonly body: object | null;
  readonly responses: Readonly<Record<string, object | null>>;
}

const published: { readonly operations: Record<string, Operation>; readonly components: object } = JSON.parse(
  readFileSync(new URL('./fixtures/github-openapi.json', import.meta.url), 'utf8'),
);

/** The operations of the extracted description: `GET /app`, …. */
export const OPERATIONS: readonly string[] = Object.keys(published.operations);

const ajv = new Ajv({ strict: false, allErrors: true, formats: formats() });
ajv.addSchema({ $id: 'github', components: published.components });

/** Returns where a response violates GitHub's published description. `operation` is for example `GET /app`. */
export function responseErrors(operation: string, status: number, data: unknown): string[] {
  const responses = published.operations[operation]?.responses;
  if (responses === undefined) {
    return [`The extracted description has no ${operation}: add it to tools/extract-openapi.ts`];
  }
  const schema = responses[String(status)];
  if (schema === undefined) {
    // GitHub's description leaves out errors that every endpoint can return.
    return status >= 400
      ? errorsIn({ $ref: '#/components/schemas/basic-error' }, data)
      : [`${operation} has no ${status}`];
  }
  if (schema === null) {
    return data === undefined || data === '' ? [] : [`${operation} ${status} has no body`];
  }
  return errorsIn(schema, data);
}

/** @param event as in `X-GitHub-Event`. GitHub's description has a schema for each of its actions. */
export function webhookErrors(payload: unknown, event = 'workflow_run'): string[] {
  const { action } = payload as { readonly action?: string };
  const name = [event, ...(action === undefined ? [] : [action])].join('-').replaceAll('_', '-');
  return errorsIn({ $ref: `#/components/schemas/webhook-${name}` }, payload).map((error) => `${name}: ${error}`);
}

function errorsIn(schema: object, data: unknown): string[] {
  const local: object = JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"github#/components'));
  const validate = ajv.compile(local);
  return validate(data) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function formats(): Record<string, RegExp | true> {
  return {
    'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
    uri: /^[a-z][a-z0-9+.-]*:\/\/\S+$/i,
    'uri-template': /^[a-z][a-z0-9+.-]*:\/\/\S+$/i,
    email: /^\S+@\S+$/,
    hostname: true,
    int64: true,
    timestamp: true,
    'repo.nwo': /^[^/\s]+\/[^/\s]+$/,
    'ssh-key fingerprint': true,
  };
}
