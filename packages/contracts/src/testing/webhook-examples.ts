import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A payload of GitHub's examples. Untyped, as the body of a real delivery is. */
export type Payload = Record<string, unknown>;

export interface WebhookExample {
  /** Value of `X-GitHub-Event`. */
  readonly event: string;
  readonly payload: Payload;
}

/** Returns every example of `@octokit/webhooks-examples`, in its order. */
export function webhookExamples(): WebhookExample[] {
  const file = createRequire(import.meta.url).resolve('@octokit/webhooks-examples');
  const definitions: { name: string; examples: Payload[] }[] = JSON.parse(readFileSync(file, 'utf8'));
  return definitions.flatMap(({ name, examples }) => examples.map((payload) => ({ event: name, payload })));
}

/** Returns the example of a successful run: octo-org/octo-repo, test.yml, branch master. */
export function completedRunExample(): Payload {
  const example = webhookExamples().find(
    ({ event, payload }) =>
      event === 'workflow_run' &&
      payload['action'] === 'completed' &&
      part(payload, 'workflow_run')['conclusion'] === 'success',
  );
  if (example === undefined) throw new Error('@octokit/webhooks-examples has no completed workflow_run any more.');
  return example.payload;
}

/** Returns an object inside a payload. */
export function part(payload: Payload, name: string): Payload {
  const value = payload[name];
  if (typeof value !== 'object' || value === null) throw new Error(`The payload has no object ${name}.`);
  return value as Payload;
}
