import { parseReason, printNotice } from '../operator-reason.ts';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { KeyRole } from '@dispatcher/contracts';
import type { ApiKeyRecord } from '@dispatcher/store';
import { UsageError, type Command, orUsageError, reportUnreachable, type Terminal } from '../command.ts';
import type { OperatorAction, NewKeyOptions } from './change-key.ts';
import type { KeyOperations } from './key-operations.ts';

const help = `Usage: dispatcher keys create NAME --role ROLE [--target TARGET]… --reason TEXT [--expires DAYSd] [--rotate] [--as NAME]
       dispatcher keys list
       dispatcher keys revoke KEY_ID --reason TEXT [--as NAME]

Manage API keys. Clients send a key in the header x-api-key. Only a digest of the key is stored; the key itself is
printed once, alone on the standard output. Every change is recorded as key.changed with operator, time and reason.

Actions:
  create  creates a key. ROLE is viewer (reads the admin API), operator (also changes things) or dispatch
          (POST /dispatch only)
  list    lists all keys, including revoked and expired ones
  revoke  revokes a key: it can no longer start or change anything. A key used for reading within the last minute can
          read for up to another minute

Options:
  --target TARGET  what a dispatch key may start: owner/name, owner/name:workflow.yml or owner/name#event-type; can be
                   repeated
  --expires DAYSd  the number of days until the key expires (default: 365d)
  --rotate         create a second key with the same name and role; revoke the old key once the new one is in use
  --reason TEXT    your reason; recorded
  --as NAME        the operator to record (default: the user of this machine)

Environment: ACCESS_TABLE, BUS_NAME, and the AWS SDK's variables. A local system writes them to a file:
  . .dispatcher/environment

Examples:
  dispatcher keys create nightly --role dispatch --target octo-org/deploy:cd.yml --reason "nightly deployment"
  dispatcher keys revoke 0123456789abcdef --reason "leaked"

Exit codes: 0 success; 1 Dispatcher could not be reached, or the change is incomplete; 2 invalid arguments.
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
  const { values, positionals } = orUsageError(() => parseArgs({ args: [...args], allowPositionals: true, options }));
  const [action, subject, ...more] = positionals;
  if (more.length > 0) throw new UsageError('Too many arguments.');
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

/** Loads the AWS clients on demand: most commands do not need them. */
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
      if (runAction === undefined) throw new UsageError(`Choose an action: ${Object.keys(actions).join(', ')}.`);
      try {
        await runAction({ deps, subject, values, terminal });
        return 0;
      } catch (error) {
        // Compared by name: importing the class would load the AWS clients.
        if (!(error instanceof Error && error.name === 'PartialKeyChangeError'))
          return reportUnreachable(terminal, error);
        terminal.err(`${error.message}\n`);
        return 1;
      }
    },
  };
}

const actions: Readonly<Record<string, (args: KeysArguments) => Promise<void>>> = {
  create: async (keysArguments) => {
    const { deps, subject, values, terminal } = keysArguments;
    const newKey = parseNewKey(subject, values, deps.now());
    const operatorAction = operatorActionOf(keysArguments);
    const { createKey } = await import('./change-key.ts');
    const { record, text } = await createKey(await deps.operations(), newKey, values.rotate, operatorAction);
    terminal.out(`${text}\n`);
    terminal.err(
      `Key ${record.keyId} (${record.name}, ${record.role}) is valid until ${record.expiresAt}. It is printed only once: ` +
        `store it as a secret.\n${values.rotate ? 'Revoke the old key once this one is in use.\n' : ''}`,
    );
  },
  list: async ({ deps, subject, terminal }) => {
    if (subject !== undefined) throw new UsageError('list has no arguments.');
    const { listKeys } = await import('./change-key.ts');
    const all = await listKeys(await deps.operations());
    const { isLiveKey } = await import('@dispatcher/store');
    const state = (key: ApiKeyRecord) =>
      key.revokedAt === null ? (isLiveKey(key, deps.now()) ? 'active' : 'expired') : 'revoked';
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
  revoke: async (keysArguments) => {
    const { deps, subject, terminal } = keysArguments;
    if (subject === undefined || !/^[0-9a-f]{16}$/.test(subject)) {
      throw new UsageError('Name the key by its id, 16 hexadecimal digits: `dispatcher keys list` prints them.');
    }
    const operatorAction = operatorActionOf(keysArguments);
    const { revokeKey } = await import('./change-key.ts');
    const { keyId, name, role, revokedAt } = await revokeKey(await deps.operations(), subject, operatorAction);
    const reads = role === 'dispatch' ? '' : '; it may read for up to another minute';
    terminal.out(`Key ${keyId} (${name}) was revoked at ${revokedAt}${reads}.\n`);
  },
};

function operatorActionOf({ deps, values, terminal }: KeysArguments): OperatorAction {
  const reason = parseReason(values.reason);
  printNotice(terminal, reason);
  const { newId, user, now } = deps;
  return { actionId: newId(), operator: values.as ?? user(), reason, at: new Date(now()).toISOString() };
}

function parseNewKey(name: string | undefined, { role, target, expires }: Values, now: number): NewKeyOptions {
  if (name === undefined || !/^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/.test(name)) {
    throw new UsageError('Name the key: at most 64 lower-case letters and digits, with . _ - in between.');
  }
  const parsedRole = KeyRole.safeParse(role);
  if (!parsedRole.success) throw new UsageError(`Choose a role: --role ${KeyRole.options.join(', --role ')}.`);
  checkTargets(parsedRole.data, target);
  return {
    name,
    role: parsedRole.data,
    targets: target,
    expiresAt: new Date(now + daysOf(expires) * 86_400_000).toISOString(),
  };
}

function checkTargets(role: KeyRole, targets: readonly string[]): void {
  if (role !== 'dispatch' && targets.length > 0) throw new UsageError('--target needs --role dispatch.');
  if (role === 'dispatch' && targets.length === 0) {
    throw new UsageError('A dispatch key needs at least one --target owner/name: what it may start.');
  }
  const invalid = targets.find((target) => !/^[\w-]+\/[\w.-]+(:[^\s:#/]+\.ya?ml|#[^\s#]{1,100})?$/.test(target));
  if (invalid !== undefined) {
    throw new UsageError(
      `${invalid} is not a valid target: write owner/name, owner/name:workflow.yml or owner/name#event-type.`,
    );
  }
}

function daysOf(text: string): number {
  const [, digits = ''] = /^([1-9]\d{0,3})d$/.exec(text) ?? [];
  const days = Number(digits);
  if (days >= 1 && days <= 3650) return days;
  throw new UsageError(`--expires needs a number of days from 1d to 3650d, not ${text}.`);
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
