import { createPrivateKey } from 'node:crypto';
import { UsageError, orUsageError } from '../command.ts';
import type { Entries, Entry } from '../context/secret-entries.ts';

const minSecretLength = 20;

export interface SetOptions {
  readonly force: boolean;
  /** Verifies the value with the service that uses it; throws if it is not accepted. */
  readonly verify: (value: string) => Promise<void>;
  readonly print: (line: string) => void;
}

/** Sets the value of an entry. @throws UsageError if the value is invalid, or if the entry already has one */
export async function setEntry(
  entries: Entries,
  entry: Entry,
  text: string,
  { force, verify, print }: SetOptions,
): Promise<void> {
  const value = validateValue(entry, text);
  if (!force && (await entries.read(entry)) !== null) {
    const instead = entry === 'webhook-secret' ? ' To change it without losing deliveries, use rotate-webhook.' : '';
    throw new UsageError(`${entries.nameOf(entry)} already has a value. To replace it, add --force.${instead}`);
  }
  await verify(value);
  // Written first: without a previous secret, the ingress function accepts no delivery at all.
  if (entry === 'webhook-secret' && (await entries.read('webhook-secret-previous')) === null) {
    await entries.write('webhook-secret-previous', value);
    print(`${entries.nameOf('webhook-secret-previous')} is set to the same value.`);
  }
  await entries.write(entry, value);
  print(`${entries.nameOf(entry)} is set.`);
}

function validateValue(entry: Entry, text: string): string {
  const value = text.trim();
  if (value === '')
    throw new UsageError('The value is empty. Pass it on the standard input, or name a file with --file.');
  if (entry === 'private-key') {
    const { asymmetricKeyType } = orUsageError(() => createPrivateKey(value), 'This is not a private key (PEM): ');
    if (asymmetricKeyType !== 'rsa') throw new UsageError('This is not an RSA key: use the .pem file from GitHub.');
    return value;
  }
  if (/\s/.test(value)) throw new UsageError('The value contains spaces or line breaks: use one word.');
  if (value.length < minSecretLength) {
    throw new UsageError(
      `The value has ${value.length} characters; use at least ${minSecretLength}: openssl rand -hex 32.`,
    );
  }
  return value;
}
