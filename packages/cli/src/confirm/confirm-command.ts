import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { type Command, reportUnreachable, type Terminal, UsageError } from '../command.ts';
import { parseReason, printNotice } from '../operator-reason.ts';
import type { ConfirmOperations } from './confirm-operations.ts';

const exitCodes = {
  0: 'success',
  1: 'there is nothing to confirm, Dispatcher could not be reached, or the confirmation was not recorded',
  2: 'invalid arguments',
};

interface ConfirmOptions {
  readonly repositoryId: string;
  readonly source?: string | undefined;
  readonly target?: string | undefined;
  readonly policyRemoved: boolean;
  readonly reason: string;
  readonly as?: string | undefined;
}

export interface ConfirmCommandDependencies {
  readonly operations: () => Promise<ConfirmOperations>;
  readonly user: () => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly newId: () => string;
}

/** Loads the AWS clients on demand: most commands do not need them. */
export const confirm = confirmCommand({
  operations: async () => (await import('./confirm-operations.ts')).createConfirmOperations(process.env),
  user: () => userInfo().username,
  now: Date.now,
  newId: randomUUID,
});

export function confirmCommand(deps: ConfirmCommandDependencies): Command {
  return defineCommand('confirm', (table, { terminal, exit }) => {
    const command = table
      .summary('confirm that a name belongs to another repository than before, or that an owner has no policy any more')
      .description(
        'Confirms that a name belongs to another repository than before, after decisions with the code `source-replaced` ' +
          'or `target-replaced`. Ask the owners of both sides first: a person who registers a deleted name gets the rules ' +
          'that name it. With --policy-removed it confirms that an owner removed its dispatching-policy.yml, after decisions ' +
          'with the code `policy-unreadable` or `target-policy-unreadable`. Runs that were refused stay refused; start them with `dispatcher replay RUN --re-evaluate`.',
      )
      .argument('<repository>', 'the repository that was registered again, as owner/name; for a policy: owner/.github')
      .option(
        '--repository-id <id>',
        'the id of the repository that has the name now, or in which the policy was seen, as the decision shows it',
        '',
      )
      .option('--target <repository>', 'the repository whose inbound rule names it (`source-replaced`)')
      .option('--source <repository>', 'the repository whose outbound rule names it (`target-replaced`)')
      .option('--policy-removed', 'the owner has no policy any more: its repositories are not restricted', false)
      .option('--reason <text>', 'your reason; recorded', '')
      .option('--as <name>', 'the operator to record (default: the user of this machine)')
      .action((repository, options) => exit(runConfirm(deps, repository, options, terminal)));
    return addNotes(command, {
      more: ['Needs STATE_TABLE and BUS_NAME. It does not need the admin API.'],
      examples: [
        'dispatcher confirm partner/app --target octo/deploy --repository-id 123456 --reason "the partner moved"',
        'dispatcher confirm octo/.github --policy-removed --repository-id 654321 --reason "they use rulesets now"',
      ],
      exitCodes,
    });
  });
}

async function runConfirm(
  deps: ConfirmCommandDependencies,
  repository: string,
  options: ConfirmOptions,
  terminal: Terminal,
): Promise<number> {
  const names = options.policyRemoved ? ownerOf(repository, options) : namesOf(repository, options);
  const repositoryId = parseId(options.repositoryId);
  const reason = parseReason(options.reason);
  try {
    const { confirmPolicyRemoval, confirmRepository } = await import('@dispatcher/lambda');
    const operations = await deps.operations();
    const who = { actionId: deps.newId(), operator: options.as ?? deps.user(), reason };
    if ('owner' in names) {
      await confirmPolicyRemoval({ ...operations, now: deps.now }, { ...names, ...who, repositoryId });
      terminal.out(`${names.owner} has no policy, until its next one is seen.\n`);
    } else {
      await confirmRepository({ ...operations, now: deps.now }, { ...names, ...who, repositoryId });
      terminal.out(`${names[names.side]} is repository ${repositoryId} from now on.\n`);
    }
    printNotice(terminal, reason);
    return 0;
  } catch (error) {
    const isOwn = ['NothingToConfirmError', 'ConfirmationNotRecordedError'];
    // Compared by name: importing the classes would load the AWS clients.
    if (!(error instanceof Error && isOwn.includes(error.name))) return reportUnreachable(terminal, error);
    terminal.err(`${error.message}\n`);
    return 1;
  }
}

function ownerOf(repository: string, { source, target }: ConfirmOptions): { readonly owner: string } {
  const owner = /^([\w-]+)\/\.github$/i.exec(repository)?.[1];
  if (owner === undefined || source !== undefined || target !== undefined) {
    throw new UsageError('With --policy-removed, name OWNER/.github, without --source and --target.');
  }
  return { owner };
}

function namesOf(own: string, { source, target }: ConfirmOptions) {
  if (!isName(own)) {
    throw new UsageError('Name the repository that was registered again, as OWNER/NAME.');
  }
  if (target !== undefined && source === undefined && isName(target)) {
    return { side: 'source', source: own, target } as const;
  }
  if (source !== undefined && target === undefined && isName(source)) {
    return { side: 'target', source, target: own } as const;
  }
  throw new UsageError('Name the repository of the other side as OWNER/NAME, with either --target or --source.');
}

function isName(text: string): boolean {
  return /^[\w.-]+\/[\w.-]+$/.test(text);
}

function parseId(text: string): number {
  const id = Number(text);
  if (!/^[1-9]\d*$/.test(text) || !Number.isSafeInteger(id)) {
    throw new UsageError('Give the id that the decision shows with --repository-id, such as 123456.');
  }
  return id;
}
