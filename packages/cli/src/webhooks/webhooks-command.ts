import type { ApiClient } from '../client/api-client.ts';
import { runWithApi } from '../client/run-with-api.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { addNotes } from '../command-line/notes.ts';
import { collect, parsePairs, parseRequesterName } from '../command-line/option-values.ts';
import { textTable } from '../command-line/text-table.ts';
import { type Command, orUsageError, readText, type Terminal, UsageError } from '../command.ts';
import { type CommandContext, processContext } from '../context/command-context.ts';
import { parseReason, printNotice } from '../operator-reason.ts';

/** A webhook as the API returns it. Times are ISO 8601. */
interface ListedWebhook {
  readonly name: string;
  readonly path: string;
  readonly verify: string;
  readonly target: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly when: Readonly<Record<string, string>>;
  readonly pausedAt: string | null;
  readonly formerSecretUntil: string | null;
  readonly last: { readonly receivedAt: string; readonly runKey: string } | null;
  readonly refusedInARow: number;
  readonly refused: { readonly at: string; readonly reason: string } | null;
}

interface CreateOptions {
  readonly verify?: string | undefined;
  readonly target?: string | undefined;
  readonly ref?: string | undefined;
  readonly input: string[];
  readonly when: string[];
  readonly secretStdin: boolean;
  readonly reason: string;
}

interface RotateOptions {
  readonly keepHours: string;
  readonly secretStdin: boolean;
  readonly reason: string;
}

interface TestOptions {
  readonly message?: string | undefined;
  readonly yes: boolean;
  readonly reason: string;
}

interface SecretResponse {
  readonly webhook: ListedWebhook;
  readonly secret: string | null;
}

interface TestResponse {
  readonly result: 'matched' | 'unmatched' | 'invalid';
  readonly inputs: Readonly<Record<string, string>> | null;
  readonly detail: string | null;
  readonly runKey: string | null;
}

export interface WebhooksDependencies {
  /** Finds the API, and reads the secret of a sender. */
  readonly context: CommandContext;
}

type ApiAction = (api: ApiClient) => Promise<number>;

export const webhooks = webhooksCommand({ context: processContext });

const nameArgument = ['[name]', 'the name of the webhook'] as const;
const reasonOption = ['--reason <text>', 'your reason; recorded', ''] as const;
const secretOption = [
  '--secret-stdin',
  'read the secret from the standard input: the sender generated it',
  false,
] as const;
const changes = {
  pause: 'Pauses a webhook. It accepts and ignores messages; its requests that wait start nothing any more.',
  resume: 'Resumes a webhook. Messages during the pause are not made up for.',
  delete: 'Deletes a webhook and its secret. Its requests that wait start nothing any more.',
} as const;

export function webhooksCommand({ context }: WebhooksDependencies): Command {
  return defineCommand('webhooks', (table, { terminal, exit }) => {
    const run = (work: ApiAction) => exit(runWithApi(context, terminal, work));
    table
      .summary('start a workflow when another service sends a message')
      .description(
        'A webhook starts one workflow when another service sends a message that it signed, if the target’s inbound rules ' +
          'allow it with `source: { webhook: NAME }`. Every change is recorded as webhook.changed with operator, time and reason.',
      );
    table
      .command('create')
      .description(
        'Creates a webhook. A secret that Dispatcher generates is printed once, alone on the standard output.',
      )
      .argument('[name]', 'at most 64 lower-case letters and digits, with . _ - in between; part of the address')
      .option(
        '--verify <scheme>',
        'standard-webhooks, github, stripe, slack, token, or ' +
          'hmac-sha256:HEADER, followed by any of ,encoding=hex|base64 ,prefix=TEXT ,timestamp=HEADER',
      )
      .option('--target <target>', 'the workflow to start: owner/name:workflow.yml')
      .option('--ref <ref>', 'a branch or tag of the target; its default branch unless given')
      .option(
        '--input <name=value>',
        'an input of the workflow: a JSON pointer into the message, such as alert=/alerts/0/status, or a fixed value; can be repeated',
        collect,
        [],
      )
      .option(
        '--when <pointer=value>',
        'start only if the message has this value, such as /status=firing; can be repeated: all must hold',
        collect,
        [],
      )
      .option(...secretOption)
      .option(...reasonOption)
      .action((name, options) => run(createAction(name, options, context, terminal)));
    table
      .command('list')
      .description('Lists the webhooks, with the last message that each accepted and refused.')
      .option('--json', 'print JSON', false)
      .action(({ json }) => run(listAction(json, terminal)));
    table
      .command('rotate')
      .description('Sets a new secret. The former one is accepted for some hours.')
      .argument(...nameArgument)
      .option('--keep-hours <number>', 'how long the former secret is accepted, up to 168; 0 ends it at once', '24')
      .option(...secretOption)
      .option(...reasonOption)
      .action((name, options) => run(rotateAction(name, options, context, terminal)));
    table
      .command('test')
      .description('Prints which inputs a message would give. It starts nothing, except with --yes.')
      .argument(...nameArgument)
      .option('--message <file>', 'a message of the sender, as JSON')
      .option('--yes', 'also request the dispatch; without it, only print the inputs', false)
      .option(...reasonOption)
      .action((name, options) => run(testAction(name, options, terminal)));
    for (const [change, description] of Object.entries(changes)) {
      table
        .command(change)
        .description(description)
        .argument(...nameArgument)
        .option(...reasonOption)
        .action((name, { reason }) => run(changeAction(change as keyof typeof changes, name, reason, terminal)));
    }
    return addNotes(table, {
      more: [
        'Environment: DISPATCHER_URL and DISPATCHER_API_KEY; a system that `npm start` runs is found without them.',
      ],
      examples: [
        'dispatcher webhooks create grafana --verify hmac-sha256:X-Grafana-Alerting-Signature --target octo-org/deploy:cd.yml --input alert=/alerts/0/labels/alertname --when /status=firing --reason "scale out on alerts"',
        'dispatcher webhooks list',
        'dispatcher webhooks rotate grafana --reason "the secret was in a log"',
      ],
      exitCodes: {
        0: 'success',
        1: 'Dispatcher could not be reached, or refused the request; of test, the message would start nothing',
        2: 'invalid arguments',
      },
    });
  });
}

function createAction(
  name: string | undefined,
  options: CreateOptions,
  context: CommandContext,
  terminal: Terminal,
): ApiAction {
  const { verify, target, ref, secretStdin } = options;
  if (verify === undefined) throw new UsageError('Say how messages are verified: --verify standard-webhooks.');
  if (target === undefined) throw new UsageError('Name the workflow to start: --target owner/name:workflow.yml.');
  const reason = parseReason(options.reason);
  const definition = {
    name: parseRequesterName('webhook', name),
    verify,
    target,
    ...(ref === undefined ? {} : { ref }),
    inputs: parsePairs('--input', options.input),
    when: parsePairs('--when', options.when),
    reason,
  };
  return async (api) => {
    printNotice(terminal, reason);
    const body = { ...definition, ...(await givenSecret(secretStdin, context)) };
    const { webhook, secret } = await api.post<SecretResponse>('/api/webhooks', body);
    printSecret(secret, terminal);
    terminal.err(
      `Messages to ${addressOf(api, webhook)} start ${webhook.target}.\n` +
        `Its target must allow it: add \`source: { webhook: ${webhook.name} }\` to an inbound rule of the target.\n`,
    );
    return 0;
  };
}

async function givenSecret(isGiven: boolean, { readInput }: CommandContext): Promise<{ readonly secret?: string }> {
  if (!isGiven) return {};
  const secret = (await readInput()).trim();
  if (secret === '') throw new UsageError('The standard input is empty: write the secret to it.');
  return { secret };
}

function printSecret(secret: string | null, terminal: Terminal): void {
  if (secret === null) return;
  terminal.out(`${secret}\n`);
  terminal.err('The secret is printed only once: store it at the sender.\n');
}

function addressOf(api: ApiClient, { path, verify }: ListedWebhook): string {
  const address = new URL(path.replace(/^\//, ''), api.url).href;
  return verify === 'token' ? `${address}/TOKEN, or with Authorization: Bearer TOKEN,` : address;
}

function rotateAction(
  name: string | undefined,
  options: RotateOptions,
  context: CommandContext,
  terminal: Terminal,
): ApiAction {
  const path = `/api/webhooks/${parseRequesterName('webhook', name)}/rotate`;
  const reason = parseReason(options.reason);
  const keepHours = /^\d{1,3}$/.test(options.keepHours) ? Number(options.keepHours) : 169;
  if (keepHours > 168) throw new UsageError('--keep-hours needs a whole number from 0 to 168.');
  return async (api) => {
    printNotice(terminal, reason);
    const body = { reason, keepHours, ...(await givenSecret(options.secretStdin, context)) };
    const { webhook, secret } = await api.post<SecretResponse>(path, body);
    printSecret(secret, terminal);
    const { formerSecretUntil: until } = webhook;
    terminal.err(
      until === null
        ? 'The former secret is not accepted any more.\n'
        : `The former secret is accepted until ${until}.\n`,
    );
    return 0;
  };
}

function testAction(
  name: string | undefined,
  { message, yes, reason: text }: TestOptions,
  terminal: Terminal,
): ApiAction {
  const path = `/api/webhooks/${parseRequesterName('webhook', name)}/test`;
  if (message === undefined) throw new UsageError('Give a message of the sender: --message FILE.');
  const reason = parseReason(text);
  const content: unknown = orUsageError(
    () => JSON.parse(readText(terminal, message)),
    `${message} is not valid JSON: `,
  );
  return async (api) => {
    printNotice(terminal, reason);
    const response = await api.post<TestResponse>(path, { message: content, run: yes, reason });
    terminal.out(resultOfTest(name ?? '', response));
    return response.result === 'matched' ? 0 : 1;
  };
}

function resultOfTest(name: string, { inputs, detail, runKey }: TestResponse): string {
  if (inputs === null) return `The message starts nothing. ${detail ?? ''}\n`;
  const entries = Object.entries(inputs);
  const values = entries.map(([input, value]) => `  ${input}=${value}\n`).join('');
  const given =
    entries.length === 0 ? 'The message matches; the workflow has no inputs.\n' : `The message gives:\n${values}`;
  return runKey === null
    ? given
    : `${given}Webhook ${name} requested its dispatch. See the result: dispatcher why ${runKey}\n`;
}

function listAction(asJson: boolean, terminal: Terminal): ApiAction {
  return async (api) => {
    const all: ListedWebhook[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const query = { cursor, limit: '100' };
      const page: { webhooks: ListedWebhook[]; cursor: string | null } = await api.get('/api/webhooks', query);
      all.push(...page.webhooks);
      cursor = page.cursor;
    }
    if (asJson) terminal.out(`${JSON.stringify({ webhooks: all }, null, 2)}\n`);
    else if (all.length === 0) terminal.out('There is no webhook.\n');
    else printWebhooks(all, terminal);
    return 0;
  };
}

function printWebhooks(all: readonly ListedWebhook[], terminal: Terminal): void {
  const columns = [
    { title: 'name', minWidth: 8 },
    { title: 'state' },
    { title: 'verified by', minWidth: 12 },
    { title: 'target', minWidth: 10 },
    { title: 'last message' },
    { title: 'refused', minWidth: 16 },
  ];
  const rows = all.map((webhook) => [
    webhook.name,
    webhook.pausedAt === null
      ? { text: 'active', style: 'green' as const }
      : { text: 'paused', style: 'yellow' as const },
    webhook.verify,
    webhook.target,
    webhook.last?.receivedAt ?? 'never',
    webhook.refused === null
      ? 'none'
      : `${webhook.refusedInARow} in a row, last ${webhook.refused.at}: ${webhook.refused.reason}`,
  ]);
  terminal.out(textTable(columns, rows, terminal));
}

const results = { pause: 'is paused', resume: 'is active', delete: 'was deleted' } as const;

function changeAction(
  change: keyof typeof changes,
  name: string | undefined,
  text: string,
  terminal: Terminal,
): ApiAction {
  const valid = parseRequesterName('webhook', name);
  const reason = parseReason(text);
  return async (api) => {
    printNotice(terminal, reason);
    await api.post(`/api/webhooks/${valid}/${change}`, { reason });
    terminal.out(`Webhook ${valid} ${results[change]}.\n`);
    return 0;
  };
}
