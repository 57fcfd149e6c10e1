import { randomBytes } from 'node:crypto';
import { type Entries, entryNames, SecretEntryError } from '../context/secret-entries.ts';

type Print = (line: string) => void;

/** Prints which entries have a value, and whether a rotation is in progress. Prints no value. */
export async function printStatus(entries: Entries, print: Print): Promise<void> {
  const width = Math.max(...entryNames.map((entry) => entries.nameOf(entry).length));
  for (const entry of entryNames) {
    const value = await entries.read(entry);
    print(`${entries.nameOf(entry).padEnd(width)}  ${value === null ? 'empty' : 'has a value'}`);
  }
  const { current, previous } = await webhookSecrets(entries);
  if (isRotating(current, previous)) print('A rotation of the webhook secret is in progress.');
}

async function webhookSecrets(entries: Entries) {
  const current = await entries.read('webhook-secret');
  return { current, previous: await entries.read('webhook-secret-previous') };
}

/** Outside a rotation both are equal, so the entries alone show the state of a rotation. */
function isRotating(current: string | null, previous: string | null): boolean {
  return current !== null && previous !== null && current !== previous;
}

export interface RotateOptions {
  readonly setGitHubSecret: (secret: string) => Promise<void>;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** How long functions may cache the secrets that they read before. */
  readonly waitMs: number;
  readonly print: Print;
}

/**
 * Replaces the webhook secret without a refused delivery. After every step, GitHub signs with a secret that is accepted.
 * Every step can be repeated: after an interruption, the rotation continues with the secret in the entries.
 */
export async function rotateWebhook(entries: Entries, options: RotateOptions): Promise<void> {
  const { setGitHubSecret, wait, waitMs, print } = options;
  const { current, previous } = await webhookSecrets(entries);
  if (current === null) {
    throw new SecretEntryError(`${entries.nameOf('webhook-secret')} is empty: set it first, with secrets set.`);
  }
  let next = current;
  if (isRotating(current, previous)) {
    print('A rotation is already in progress; continuing with its secret.');
  } else {
    next = randomBytes(32).toString('hex');
    // In this order: between the two writes, a function that reads both sees the same secret twice.
    await entries.write('webhook-secret-previous', current);
    await entries.write('webhook-secret', next);
    print('The new secret is stored; the old one is still accepted.');
  }
  print(`Waiting ${waitMs / 1000} s until every function has read both secrets.`);
  await wait(waitMs);
  await setGitHubSecret(next);
  print('GitHub now signs with the new secret.');
  print('Once deliveries succeed (dispatcher doctor), end the rotation: dispatcher secrets finish-webhook.');
}

/**
 * Ends the acceptance of the old secret. It first sets the new secret on GitHub again: an interrupted rotation may not
 * have done so, and every delivery would then be refused.
 */
export async function finishWebhook(
  entries: Entries,
  { setGitHubSecret, print }: Pick<RotateOptions, 'setGitHubSecret' | 'print'>,
): Promise<void> {
  const { current, previous } = await webhookSecrets(entries);
  if (current === null || !isRotating(current, previous)) {
    print('No rotation is in progress: there is nothing to finish.');
    return;
  }
  await setGitHubSecret(current);
  await entries.write('webhook-secret-previous', current);
  print('The old secret is no longer accepted; this takes effect within 5 minutes.');
}
