import { parseReason, printNotice } from '../operator-reason.ts';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { Option } from '@commander-js/extra-typings';
import { KeyRole } from '@dispatcher/contracts';
import type { ApiKeyRecord } from '@dispatcher/store';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { collect } from '../command-line/option-values.ts';
import { UsageError, type Command, reportUnreachable, type Terminal } from '../command.ts';
import type { OperatorAction, NewKeyOptions } from './change-key.ts';
import type { KeyOperations } from './key-operations.ts';

interface CreateOptions {
  readonly role?: string | undefined;
  readonly target: string[];
  readonly expires: string;
  readonly rotate: boolean;
}

interface ReasonOptions {
  readonly reason: string;
  readonly as?: string | undefined;
}

export interface KeysDependencies {
  readonly operations: () => Promise<KeyOperations>;
  readonly user: () => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly newId: () => string;
}

type KeysAction = (deps: KeysDependencies, terminal: Terminal) => Promise<void>;

/** Loads the AWS clients on demand: most commands do not need them. */
export const keys = keysCommand({
  operations: async () => (await import('./key-operations.ts')).createKeyOperations(process.env),
  user: () => userInfo().username,
  now: Date.now,
  newId: randomUUID,
});

export function keysCommand(deps: KeysDependencies): Command {
  return defineCommand('keys', (table, { terminal, exit }) => {
    table
      .summary('create, list and revoke API keys')
      .description(
        'Manage API keys. Clients send a key in the header x-api-key. Only a digest of the key is stored; the key itself ' +
          'is printed once, alone on the standard output. Every change is recorded as key.changed with operator, time and ' +
          'reason.',
      );
    const run = (action: KeysAction) => exit(runAction(deps, terminal, action));
    const create = table
      .command('create')
      .description('Creates a key.')
      .argument('[name]', 'at most 64 lower-case letters and digits, with . _ - in between')
      .addOption(
        new Option(
          '--role <role>',
          'viewer: reads the admin API; operator: also changes things; dispatch: POST /dispatch only',
        )
          .choices(KeyRole.options)
          .argParser(String),
      )
      .option(
        '--target <target>',
        'what a dispatch key may start: owner/name, owner/name:workflow.yml or owner/name#event-type; can be repeated',
        collect,
        [],
      )
      .option('--expires <days>', 'the number of days until the key expires, from 1d to 3650d', '365d')
      .option(
        '--rotate',
        'create a second key with the same name and role; revoke the old key once the new one is in use',
        false,
      )
      .option('--reason <text>', 'your reason; recorded', '')
      .option('--as <name>', 'the operator to record (default: the user of this machine)')
      .action((name, options) => run(createKeyAction(name, options)));
    table
      .command('list')
      .description('Lists all keys, including revoked and expired ones.')
      .action(() => run(listKeysAction));
    const revoke = table
      .command('revoke')
      .description(
        'Revokes a key: it can no longer start or change anything. A key used for reading within the last minute can ' +
          'read for up to another minute.',
      )
      .argument('[keyId]', 'the id of the key, 16 hexadecimal digits')
      .option('--reason <text>', 'your reason; recorded', '')
      .option('--as <name>', 'the operator to record (default: the user of this machine)')
      .action((keyId, options) => run(revokeKeyAction(keyId, options)));
    addNotes(create, {
      examples: [
        'dispatcher keys create nightly --role dispatch --target octo-org/deploy:cd.yml --reason "nightly deployment"',
      ],
    });
    addNotes(revoke, { examples: ['dispatcher keys revoke 0123456789abcdef --reason "leaked"'] });
    return addNotes(table, {
      more: [
        'Environment: ACCESS_TABLE, BUS_NAME, and the AWS SDK’s variables. A local system writes them to a file: ' +
          '. .dispatcher/environment',
      ],
      exitCodes: {
        0: 'success',
        1: 'Dispatcher could not be reached, or the change is incomplete',
        2: 'invalid arguments',
      },
    });
  });
}

async function runAction(deps: KeysDependencies, terminal: Terminal, action: KeysAction): Promise<number> {
  try {
    await action(deps, terminal);
    return 0;
  } catch (error) {
    // Compared by name: importing the class would load the AWS clients.
    if (!(error instanceof Error && error.name === 'PartialKeyChangeError')) return reportUnreachable(terminal, error);
    terminal.err(`${error.message}\n`);
    return 1;
  }
}

function createKeyAction(name: string | undefined, options: CreateOptions & ReasonOptions): KeysAction {
  return async (deps, terminal) => {
    const newKey = parseNewKey(name, options, deps.now());
    const operatorAction = operatorActionOf(deps, options, terminal);
    const { createKey } = await import('./change-key.ts');
    const { record, text } = await createKey(await deps.operations(), newKey, options.rotate, operatorAction);
    terminal.out(`${text}\n`);
    terminal.err(
      `Key ${record.keyId} (${record.name}, ${record.role}) is valid until ${record.expiresAt}. It is printed only once: ` +
        `store it as a secret.\n${options.rotate ? 'Revoke the old key once this one is in use.\n' : ''}`,
    );
  };
}

const listKeysAction: KeysAction = async (deps, terminal) => {
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
};

function revokeKeyAction(keyId: string | undefined, options: ReasonOptions): KeysAction {
  return async (deps, terminal) => {
    if (keyId === undefined || !/^[0-9a-f]{16}$/.test(keyId)) {
      throw new UsageError('Name the key by its id, 16 hexadecimal digits: `dispatcher keys list` prints them.');
    }
    const operatorAction = operatorActionOf(deps, options, terminal);
    const { revokeKey } = await import('./change-key.ts');
    const record = await revokeKey(await deps.operations(), keyId, operatorAction);
    const reads = record.role === 'dispatch' ? '' : '; it may read for up to another minute';
    terminal.out(`Key ${record.keyId} (${record.name}) was revoked at ${record.revokedAt}${reads}.\n`);
  };
}

function operatorActionOf(deps: KeysDependencies, options: ReasonOptions, terminal: Terminal): OperatorAction {
  const reason = parseReason(options.reason);
  printNotice(terminal, reason);
  const { newId, user, now } = deps;
  return { actionId: newId(), operator: options.as ?? user(), reason, at: new Date(now()).toISOString() };
}

function parseNewKey(name: string | undefined, { role, target, expires }: CreateOptions, now: number): NewKeyOptions {
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
