import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { KeyRole } from '@dispatcher/contracts';
import type { ApiKeyRecord } from '@dispatcher/store';
import { BadInput, type Command, parsed, refusedBySystem, type Terminal } from '../command.ts';
import type { Deed, Wanted } from './change-key.ts';
import type { KeyOperations } from './key-operations.ts';

const help = `Usage: dispatcher keys create NAME --role ROLE [--target TARGET]… [--expires DAYSd] [--rotate] --reason TEXT [--as NAME]
       dispatcher keys list
       dispatcher keys revoke KEYID --reason TEXT [--as NAME]

API keys: sent as the header x-api-key. Only a digest of a key is stored; the key itself is shown once, on the standard
output, with nothing else. What is done is recorded as key.changed with who, when and why.

create  ROLE is viewer (reads the admin API), operator (also acts through it) or dispatch (POST /dispatch, nothing else)
list    every key, those revoked and expired among them
revoke  from now on the key starts and changes nothing; one that read within the last minute may read for up to a minute more

  --target TARGET  what a dispatch key may start: owner/name, owner/name:workflow.yml or owner/name#event-type; repeat it
  --expires DAYSd  after how many days the key ends (365d)
  --rotate         a second key of the same name and role; revoke the old one when the new one is in use
  --reason TEXT    why; recorded
  --as NAME        who; default: the user of this machine

Environment: ACCESS_TABLE, BUS_NAME, and what the AWS SDK needs. A local system writes all of it to a file:
  . .dispatcher/environment

Exit code: 0 done; 1 the environment refused; 2 the arguments cannot be used.
`;

const options = {
  role: { type: 'string' },
  target: { type: 'string', multiple: true, default: [] as string[] },
  expires: { type: 'string', default: '365d' },
  rotate: { type: 'boolean', default: false },
  reason: { type: 'string', default: '' },
  as: { type: 'string' },
} as const;

function readArguments(args: readonly string[]) {
  const { values, positionals } = parsed(() => parseArgs({ args: [...args], allowPositionals: true, options }));
  const [action, subject, ...more] = positionals;
  if (more.length > 0) throw new BadInput('There are too many words.');
  return { action, subject, values };
}
type Values = ReturnType<typeof readArguments>['values'];

export interface KeysDependencies {
  readonly operations: () => Promise<KeyOperations>;
  readonly user: () => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly newId: () => string;
}

interface KeysArguments {
  readonly deps: KeysDependencies;
  readonly subject: string | undefined;
  readonly values: Values;
  readonly terminal: Terminal;
}

/** The AWS clients are loaded only here: most of the other commands need none. */
export const keys = keysCommand({
  operations: async () => (await import('./key-operations.ts')).createKeyOperations(process.env),
  user: () => userInfo().username,
  now: Date.now,
  newId: randomUUID,
});

export function keysCommand(deps: KeysDependencies): Command {
  return {
    summary: 'create, list and revoke API keys',
    help,
    async run(args, terminal) {
      const { action, subject, values } = readArguments(args);
      const runAction = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (runAction === undefined) throw new BadInput(`Say what to do: ${Object.keys(actions).join(', ')}.`);
      try {
        await runAction({ deps, subject, values, terminal });
        return 0;
      } catch (error) {
        return refusedBySystem(terminal, error);
      }
    },
  };
}

const actions: Readonly<Record<string, (asked: KeysArguments) => Promise<void>>> = {
  create: async ({ deps, subject, values, terminal }) => {
    const wanted = wantedOf(subject, values, deps.now());
    const deed = deedOf(deps, values);
    const { createKey } = await import('./change-key.ts');
    const { record, text } = await createKey(await deps.operations(), wanted, values.rotate, deed);
    terminal.out(`${text}\n`);
    terminal.err(
      `Key ${record.keyId} (${record.name}, ${record.role}) is good until ${record.expiresAt}. It is shown this once: ` +
        `keep it where secrets are kept.\n${values.rotate ? 'Revoke the old one when this one is in use.\n' : ''}`,
    );
  },
  list: async ({ deps, subject, terminal }) => {
    if (subject !== undefined) throw new BadInput('list takes no name.');
    const { allKeys } = await import('./change-key.ts');
    const all = await allKeys(await deps.operations());
    const { isLiveKey } = await import('@dispatcher/store');
    const state = (key: ApiKeyRecord) =>
      key.revokedAt === null ? (isLiveKey(key, deps.now()) ? 'live' : 'expired') : 'revoked';
    const lines = all.map((key) => [
      key.keyId,
      key.name,
      key.role,
      state(key),
      key.expiresAt ?? 'never',
      key.targets.join(' '),
    ]);
    terminal.out(table([['key', 'name', 'role', 'state', 'expires', 'targets'], ...lines]));
  },
  revoke: async ({ deps, subject, values, terminal }) => {
    if (subject === undefined || !/^[0-9a-f]{16}$/.test(subject)) {
      throw new BadInput('Name the key by its id, 16 hexadecimal digits: `dispatcher keys list` shows them.');
    }
    const deed = deedOf(deps, values);
    const { revokeKey } = await import('./change-key.ts');
    const { keyId, name, role, revokedAt } = await revokeKey(await deps.operations(), subject, deed);
    const reads = role === 'dispatch' ? '' : '; it may read for up to a minute more';
    terminal.out(`Key ${keyId} (${name}) is revoked since ${revokedAt}${reads}.\n`);
  },
};

function deedOf(deps: KeysDependencies, { reason, as }: Values): Deed {
  if (reason.trim() === '') throw new BadInput('Say why with --reason TEXT; it is recorded.');
  return { actionId: deps.newId(), operator: as ?? deps.user(), reason, at: new Date(deps.now()).toISOString() };
}

function wantedOf(name: string | undefined, { role, target, expires }: Values, now: number): Wanted {
  if (name === undefined || !/^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/.test(name)) {
    throw new BadInput('Name the key with lower-case letters, digits and . _ - in between, at most 64.');
  }
  const known = KeyRole.safeParse(role);
  if (!known.success) throw new BadInput(`Say what the key is for: --role ${KeyRole.options.join(', --role ')}.`);
  checkTargets(known.data, target);
  return {
    name,
    role: known.data,
    targets: target,
    expiresAt: new Date(now + daysOf(expires) * 86_400_000).toISOString(),
  };
}

function checkTargets(role: KeyRole, targets: readonly string[]): void {
  if (role !== 'dispatch' && targets.length > 0) throw new BadInput('--target is for --role dispatch.');
  if (role === 'dispatch' && targets.length === 0) {
    throw new BadInput('A dispatch key names what it may start: --target owner/name, once or more.');
  }
  const wrong = targets.find((target) => !/^[\w-]+\/[\w.-]+(:[^\s:#/]+\.ya?ml|#[^\s#]{1,100})?$/.test(target));
  if (wrong !== undefined) {
    throw new BadInput(`${wrong} is no target: write owner/name, owner/name:workflow.yml or owner/name#event-type.`);
  }
}

function daysOf(text: string): number {
  const [, digits = ''] = /^([1-9]\d{0,3})d$/.exec(text) ?? [];
  const days = Number(digits);
  if (days >= 1 && days <= 3650) return days;
  throw new BadInput(`--expires takes days, from 1d to 3650d, not ${text}.`);
}

function table(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(width(column)))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
