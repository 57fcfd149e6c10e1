import { randomBytes } from 'node:crypto';
import { type Entries, entryNames, EntryUnusable } from '../context/secret-entries.ts';

type Say = (line: string) => void;

/** Which entries have a value, and whether a rotation is under way. No value is told. */
export async function tellStatus(entries: Entries, say: Say): Promise<void> {
  const width = Math.max(...entryNames.map((entry) => entries.nameOf(entry).length));
  for (const entry of entryNames) {
    const value = await entries.read(entry);
    say(`${entries.nameOf(entry).padEnd(width)}  ${value === null ? 'empty' : 'has a value'}`);
  }
  const { current, previous } = await webhookSecrets(entries);
  if (isRotating(current, previous)) say('A rotation of the webhook secret is under way.');
}

async function webhookSecrets(entries: Entries) {
  const current = await entries.read('webhook-secret');
  return { current, previous: await entries.read('webhook-secret-previous') };
}

/** Outside a rotation both are the same, so that what a rotation got to can be read from the entries alone. */
function isRotating(current: string | null, previous: string | null): boolean {
  return current !== null && previous !== null && current !== previous;
}

export interface RotateOptions {
  readonly giveToGitHub: (secret: string) => Promise<void>;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** How long functions may still hold what they read before. */
  readonly waitMs: number;
  readonly say: Say;
}

/**
 * A new webhook secret without a refused delivery. Every step leaves GitHub signing with a secret that is taken, and
 * can be done again: interrupted, it goes on with the secret that is in the entries.
 */
export async function rotateWebhook(entries: Entries, options: RotateOptions): Promise<void> {
  const { giveToGitHub, wait, waitMs, say } = options;
  const { current, previous } = await webhookSecrets(entries);
  if (current === null) {
    throw new EntryUnusable(`${entries.nameOf('webhook-secret')} is empty: fill it first, with secrets set.`);
  }
  let fresh = current;
  if (isRotating(current, previous)) {
    say('A rotation was begun before; going on with its secret.');
  } else {
    fresh = randomBytes(32).toString('hex');
    // In this order: between the two writes nothing has changed yet for a function that reads both.
    await entries.write('webhook-secret-previous', current);
    await entries.write('webhook-secret', fresh);
    say('The new secret is stored beside the old one.');
  }
  say(`Waiting ${waitMs / 1000} s until every function has read both.`);
  await wait(waitMs);
  await giveToGitHub(fresh);
  say('GitHub signs with the new secret from now on.');
  say(`When deliveries arrive (dispatcher doctor), end it: dispatcher secrets finish-webhook.`);
}

/**
 * The old secret is no longer taken. GitHub is given the new one again before: a rotation that was interrupted may not
 * have come to it, and then every delivery would be refused.
 */
export async function finishWebhook(
  entries: Entries,
  { giveToGitHub, say }: Pick<RotateOptions, 'giveToGitHub' | 'say'>,
): Promise<void> {
  const { current, previous } = await webhookSecrets(entries);
  if (current === null || !isRotating(current, previous)) {
    say('No rotation is under way: there is nothing to finish.');
    return;
  }
  await giveToGitHub(current);
  await entries.write('webhook-secret-previous', current);
  say('The old secret is no longer taken, within 5 minutes.');
}
