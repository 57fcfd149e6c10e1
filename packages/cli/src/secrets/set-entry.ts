import { createPrivateKey } from 'node:crypto';
import { BadInput, parsed } from '../command.ts';
import type { Entries, Entry } from '../context/secret-entries.ts';

const shortestSecret = 20;

export interface SetOptions {
  readonly force: boolean;
  /** Asks whoever the value is for; throws where it does not take it. */
  readonly confirm: (value: string) => Promise<void>;
  readonly say: (line: string) => void;
}

/** @throws BadInput for a value that cannot work, and where the entry has one already. */
export async function setEntry(
  entries: Entries,
  entry: Entry,
  text: string,
  { force, confirm, say }: SetOptions,
): Promise<void> {
  const value = usable(entry, text);
  if (!force && (await entries.read(entry)) !== null) {
    const instead = entry === 'webhook-secret' ? ' To change it without losing a delivery: rotate-webhook.' : '';
    throw new BadInput(`${entries.nameOf(entry)} has a value already. To replace it: --force.${instead}`);
  }
  await confirm(value);
  // First: a function that finds a webhook secret and no previous one takes no delivery at all.
  if (entry === 'webhook-secret' && (await entries.read('webhook-secret-previous')) === null) {
    await entries.write('webhook-secret-previous', value);
    say(`${entries.nameOf('webhook-secret-previous')} is set to the same value.`);
  }
  await entries.write(entry, value);
  say(`${entries.nameOf(entry)} is set.`);
}

function usable(entry: Entry, text: string): string {
  const value = text.trim();
  if (value === '') throw new BadInput('The value is empty. Give it on the standard input, or name a --file.');
  if (entry === 'private-key') {
    const { asymmetricKeyType } = parsed(() => createPrivateKey(value), 'This is no private key (PEM): ');
    if (asymmetricKeyType !== 'rsa') throw new BadInput('This is no RSA key: take the .pem file that GitHub gave you.');
    return value;
  }
  if (/\s/.test(value)) throw new BadInput('The value has spaces or line breaks in it: one word is expected.');
  if (value.length < shortestSecret) {
    throw new BadInput(
      `The value has ${value.length} characters; take at least ${shortestSecret}: openssl rand -hex 32.`,
    );
  }
  return value;
}
