import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A payload as GitHub's examples show it, read without the package's types: what comes in is not typed either. */
export type Payload = Record<string, unknown>;

export interface WebhookExample {
  /** Value of `X-GitHub-Event`. */
  readonly event: string;
  readonly payload: Payload;
}

/** Every example of `@octokit/webhooks-examples`, in its order. */
export function webhookExamples(): WebhookExample[] {
  const file = createRequire(import.meta.url).resolve('@octokit/webhooks-examples');
  const definitions: { name: string; examples: Payload[] }[] = JSON.parse(readFileSync(file, 'utf8'));
  return definitions.flatMap(({ name, examples }) => examples.map((payload) => ({ event: name, payload })));
}

/** The example of a completed, successful run of a workflow file: octo-org/octo-repo, test.yml, branch master. */
export function completedRunExample(): Payload {
  const found = webhookExamples().find(
    ({ event, payload }) =>
      event === 'workflow_run' &&
      payload['action'] === 'completed' &&
      part(payload, 'workflow_run')['conclusion'] === 'success',
  );
  if (found === undefined) throw new Error('@octokit/webhooks-examples has no completed workflow_run any more.');
  return found.payload;
}

/** An object inside a payload. */
export function part(payload: Payload, name: string): Payload {
  const value = payload[name];
  if (typeof value !== 'object' || value === null) throw new Error(`The payload has no object ${name}.`);
  return value as Payload;
}
