import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { type Command, orUsageError, reportUnreachable, UsageError } from '../command.ts';
import { parseReason, printNotice } from '../operator-reason.ts';
import type { ConfirmOperations } from './confirm-operations.ts';

const help = `Usage: dispatcher confirm OWNER/NAME --repository-id ID --target OWNER/NAME --reason TEXT [--as NAME]
       dispatcher confirm OWNER/NAME --repository-id ID --source OWNER/NAME --reason TEXT [--as NAME]

Confirms that a name belongs to another repository than before, after decisions with the code \`source-replaced\` or
\`target-replaced\`. Ask the owners of both sides first: whoever registers a deleted name again gets the rules that name
it. Runs that were refused stay refused; start them with \`dispatcher replay RUN --re-evaluate\`.

Options:
  --repository-id ID   the id of the repository that has the name now, as the decision shows it
  --target OWNER/NAME  the repository whose inbound rule names it (\`source-replaced\`)
  --source OWNER/NAME  the repository whose outbound rule names it (\`target-replaced\`)
  --reason TEXT        your reason; recorded
  --as NAME            the operator to record; your user name by default

Needs STATE_TABLE and BUS_NAME. It does not need the admin API.

Exit codes: 0 success; 1 there is nothing to confirm, Dispatcher could not be reached, or the confirmation was not
recorded; 2 invalid arguments.
`;

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

const options = {
  'repository-id': { type: 'string', default: '' },
  source: { type: 'string' },
  target: { type: 'string' },
  reason: { type: 'string', default: '' },
  as: { type: 'string' },
} as const;

export function confirmCommand(deps: ConfirmCommandDependencies): Command {
  return {
    summary: 'confirm that a name belongs to another repository than before',
    help,
    run: async (args, terminal) => {
      const { values, positionals } = orUsageError(() =>
        parseArgs({ args: [...args], options, allowPositionals: true }),
      );
      const names = namesOf(positionals, values);
      const repositoryId = parseId(values['repository-id']);
      const reason = parseReason(values.reason);
      try {
        const { confirmRepository } = await import('@dispatcher/lambda');
        const operations = await deps.operations();
        const who = { actionId: deps.newId(), operator: values.as ?? deps.user(), reason };
        await confirmRepository({ ...operations, now: deps.now }, { ...names, ...who, repositoryId });
        terminal.out(`${names[names.side]} is repository ${repositoryId} from now on.\n`);
        printNotice(terminal, values.reason);
        return 0;
      } catch (error) {
        const isOwn = ['NothingToConfirmError', 'ConfirmationNotRecordedError'];
        // Compared by name: importing the classes would load the AWS clients.
        if (!(error instanceof Error && isOwn.includes(error.name))) return reportUnreachable(terminal, error);
        terminal.err(`${error.message}\n`);
        return 1;
      }
    },
  };
}

function namesOf(positionals: readonly string[], { source, target }: { source?: string; target?: string }) {
  const [own, ...more] = positionals;
  if (own === undefined || more.length > 0 || !isName(own)) {
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
