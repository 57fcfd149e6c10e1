import { parseReason, printNotice } from '../operator-reason.ts';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { Option } from '@commander-js/extra-typings';
import { KeyRole } from '@dispatcher/contracts';
import type { ApiKeyRecord } from '@dispatcher/store';
import { asDescription, checkDirect, directDescription, type DirectOptions } from '../client/direct-option.ts';
import { runWithApi } from '../client/run-with-api.ts';
import { textTable } from '../command-line/text-table.ts';
import { type CommandContext, processContext } from '../context/command-context.ts';
import type { ApiClient } from '../client/api-client.ts';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { collect, parseRequesterName } from '../command-line/option-values.ts';
import { UsageError, type Command, reportUnreachable, type Terminal } from '../command.ts';
import type { NewKeyOptions, OperatorAction } from '@dispatcher/lambda';
import type { KeyOperations } from './key-operations.ts';

interface CreateOptions {
  readonly role?: string | undefined;
  readonly target: string[];
  readonly expires: string;
  readonly rotate: boolean;
}

interface ReasonOptions extends DirectOptions {
  readonly reason: string;
}

interface ListOptions {
  readonly direct: boolean;
  readonly json: boolean;
}

/** A key as the API returns it: without its secret. */
type ListedKey = Omit<ApiKeyRecord, 'secretHash' | 'lastUsedAt'> & {
  /** To the hour; null if the key was never used. */
  readonly lastUsedAt: string | null;
};

export interface KeysDependencies {
  readonly operations: () => Promise<KeyOperations>;
  readonly user: () => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly newId: () => string;
  /** Finds the API. */
  readonly context: CommandContext;
}

type ApiAction = (api: ApiClient, deps: KeysDependencies, terminal: Terminal) => Promise<void>;
type KeysAction = (deps: KeysDependencies, terminal: Terminal) => Promise<void>;

/** Loads the AWS clients on demand: most commands do not need them. */
export const keys = keysCommand({
  operations: async () => (await import('./key-operations.ts')).createKeyOperations(process.env),
  user: () => userInfo().username,
  now: Date.now,
  newId: randomUUID,
  context: processContext,
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
    const run = (options: DirectOptions, overApi: ApiAction, direct: KeysAction) => {
      checkDirect(options);
      if (options.direct) return exit(runAction(deps, terminal, direct));
      return exit(
        runWithApi(deps.context, terminal, async (api) => {
          await overApi(api, deps, terminal);
          return 0;
        }),
      );
    };
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
      .option('--direct', directDescription, false)
      .option('--as <name>', asDescription)
      .action((name, options) => run(options, createOverApi(name, options), createKeyAction(name, options)));
    table
      .command('list')
      .description('Lists all keys, including revoked and expired ones.')
      .option('--direct', directDescription, false)
      .option('--json', 'print JSON', false)
      .action((options) => run(options, listOverApi(options), listKeysAction(options)));
    const revoke = table
      .command('revoke')
      .description(
        'Revokes a key: it can no longer start or change anything. A key used for reading within the last minute can ' +
          'read for up to another minute.',
      )
      .argument('[keyId]', 'the id of the key, 16 hexadecimal digits')
      .option('--reason <text>', 'your reason; recorded', '')
      .option('--direct', directDescription, false)
      .option('--as <name>', asDescription)
      .action((keyId, options) => run(options, revokeOverApi(keyId, options), revokeKeyAction(keyId, options)));
    addNotes(create, {
      examples: [
        'dispatcher keys create nightly --role dispatch --target octo-org/deploy:cd.yml --reason "nightly deployment"',
      ],
    });
    addNotes(revoke, { examples: ['dispatcher keys revoke 0123456789abcdef --reason "leaked"'] });
    return addNotes(table, {
      more: [
        '--direct needs ACCESS_TABLE, BUS_NAME, and the AWS SDK’s variables. A local system writes them to a file: ' +
          '. .dispatcher/environment',
      ],
      exitCodes: {
        0: 'success',
        1: 'Dispatcher could not be reached or refused the change, or the change is incomplete',
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
    if (error instanceof Error && error.name === 'KeyRefusedError')
      throw new UsageError(error.message, { cause: error });
    if (!(error instanceof Error && error.name === 'PartialKeyChangeError')) return reportUnreachable(terminal, error);
    terminal.err(`${error.message}\n`);
    return 1;
  }
}

function createKeyAction(name: string | undefined, options: CreateOptions & ReasonOptions): KeysAction {
  return async (deps, terminal) => {
    const newKey = parseNewKey(name, options, deps.now());
    const operatorAction = operatorActionOf(deps, options, terminal);
    const { createKey } = await import('@dispatcher/lambda');
    const { record, text } = await createKey(await deps.operations(), newKey, options.rotate, operatorAction);
    printCreated(withoutSecret(record), text, options, terminal);
  };
}

function createOverApi(name: string | undefined, options: CreateOptions & ReasonOptions): ApiAction {
  return async (api, deps, terminal) => {
    const { name: valid, role, targets } = parseNewKey(name, options, deps.now());
    const reason = parseReason(options.reason);
    printNotice(terminal, reason);
    const body = { name: valid, role, targets, expiresInDays: daysOf(options.expires), rotate: options.rotate, reason };
    const { key, secret } = await api.post<{ key: ListedKey; secret: string }>('/api/keys', body);
    printCreated(key, secret, options, terminal);
  };
}

function printCreated(key: ListedKey, text: string, { rotate }: CreateOptions, terminal: Terminal): void {
  terminal.out(`${text}\n`);
  terminal.err(
    `Key ${key.keyId} (${key.name}, ${key.role}) is valid until ${key.expiresAt}. It is printed only once: ` +
      `store it as a secret.\n${rotate ? 'Revoke the old key once this one is in use.\n' : ''}`,
  );
}

function listKeysAction({ json }: ListOptions): KeysAction {
  return async (deps, terminal) => {
    const { keys: store } = await deps.operations();
    const all: ListedKey[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await store.list({ cursor });
      all.push(...page.items.map(withoutSecret));
      cursor = page.cursor;
    }
    printKeys(all, json, deps.now(), terminal);
  };
}

function withoutSecret(record: ApiKeyRecord): ListedKey {
  const { keyId, name, role, targets, createdAt, createdBy, expiresAt, revokedAt, lastUsedAt = null } = record;
  return { keyId, name, role, targets, createdAt, createdBy, expiresAt, revokedAt, lastUsedAt };
}

function listOverApi({ json }: ListOptions): ApiAction {
  return async (api, deps, terminal) => {
    const all: ListedKey[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: { keys: ListedKey[]; cursor: string | null } = await api.get('/api/keys', { cursor, limit: '100' });
      all.push(...page.keys);
      cursor = page.cursor;
    }
    printKeys(all, json, deps.now(), terminal);
  };
}

function printKeys(all: readonly ListedKey[], json: boolean, now: number, terminal: Terminal): void {
  if (json) {
    terminal.out(`${JSON.stringify({ keys: all.map((key) => ({ ...key, state: stateOf(key, now) })) }, null, 2)}\n`);
    return;
  }
  const columns = [
    { title: 'key' },
    { title: 'name', minWidth: 8 },
    { title: 'role' },
    { title: 'state' },
    { title: 'expires' },
    { title: 'created' },
    { title: 'by', minWidth: 6 },
    { title: 'last used' },
    { title: 'targets', minWidth: 10 },
  ];
  const rows = all.map((key) => [
    key.keyId,
    key.name,
    key.role,
    { text: stateOf(key, now), style: stateOf(key, now) === 'active' ? ('green' as const) : ('dim' as const) },
    key.expiresAt === null ? 'never' : day(key.expiresAt),
    day(key.createdAt),
    key.createdBy,
    key.lastUsedAt === null ? 'never' : hour(key.lastUsedAt),
    key.targets.join(' '),
  ]);
  terminal.out(textTable(columns, rows, terminal));
}

function day(time: string): string {
  return time.slice(0, 10);
}

/** Returns the date and the hour: a use is recorded to the hour. */
function hour(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 13)}h`;
}

function stateOf({ revokedAt, expiresAt }: ListedKey, now: number): 'active' | 'expired' | 'revoked' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt === null || now < Date.parse(expiresAt) ? 'active' : 'expired';
}

function revokeKeyAction(keyId: string | undefined, options: ReasonOptions): KeysAction {
  return async (deps, terminal) => {
    const id = parseKeyId(keyId);
    const operatorAction = operatorActionOf(deps, options, terminal);
    const { revokeKey } = await import('@dispatcher/lambda');
    const record = await revokeKey(await deps.operations(), id, operatorAction);
    printRevoked(withoutSecret(record), terminal);
  };
}

function revokeOverApi(keyId: string | undefined, options: ReasonOptions): ApiAction {
  return async (api, _, terminal) => {
    const id = parseKeyId(keyId);
    const reason = parseReason(options.reason);
    printNotice(terminal, reason);
    const { key } = await api.post<{ key: ListedKey }>(`/api/keys/${id}/revoke`, { reason });
    printRevoked(key, terminal);
  };
}

function printRevoked({ keyId, name, role, revokedAt }: ListedKey, terminal: Terminal): void {
  const reads = role === 'dispatch' ? '' : '; it may read for up to another minute';
  terminal.out(`Key ${keyId} (${name}) was revoked at ${revokedAt}${reads}.\n`);
}

function parseKeyId(keyId: string | undefined): string {
  if (keyId !== undefined && /^[0-9a-f]{16}$/.test(keyId)) return keyId;
  throw new UsageError('Name the key by its id, 16 hexadecimal digits: `dispatcher keys list` prints them.');
}

function operatorActionOf(deps: KeysDependencies, options: ReasonOptions, terminal: Terminal): OperatorAction {
  const reason = parseReason(options.reason);
  printNotice(terminal, reason);
  const { newId, user, now } = deps;
  return { actionId: newId(), operator: options.as ?? user(), reason, at: new Date(now()).toISOString() };
}

function parseNewKey(name: string | undefined, { role, target, expires }: CreateOptions, now: number): NewKeyOptions {
  const validName = parseRequesterName('key', name);
  const parsedRole = KeyRole.safeParse(role);
  if (!parsedRole.success) throw new UsageError(`Choose a role: --role ${KeyRole.options.join(', --role ')}.`);
  checkTargets(parsedRole.data, target);
  return {
    name: validName,
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
