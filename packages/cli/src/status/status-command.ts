import type { DeadLetterSummary, Queues, Status, Summary } from '@dispatcher/store';
import type { ApiClient } from '../client/api-client.ts';
import { runWithApi } from '../client/run-with-api.ts';
import { addNotes } from '../command-line/notes.ts';
import { defineCommand } from '../command-line/define-command.ts';
import type { Command, Terminal } from '../command.ts';
import { type CommandContext, processContext } from '../context/command-context.ts';
import { type StatusResponses, statusText } from './status-text.ts';

export function statusCommand(context: CommandContext = processContext): Command {
  return defineCommand('status', (table, { terminal, exit }) => {
    const command = table
      .summary('show the state of Dispatcher: pauses, queues, dead letters, the last hour')
      .description(
        'Show the state of Dispatcher: what needs an operator first, then the last hour, the queues and the dead letters. ' +
          'Each number was stored by the roll-up, which runs every minute.',
      )
      .option('--json', 'print JSON', false)
      .action(({ json }) =>
        exit(runWithApi(context, terminal, (api) => printStatus(api, json, terminal, context.now()))),
      );
    return addNotes(command, {
      examples: ['dispatcher status'],
      exitCodes: {
        0: 'nothing needs an operator',
        1: 'something needs an operator, or the API could not be used',
        2: 'invalid arguments',
      },
    });
  });
}

async function printStatus(api: ApiClient, json: boolean, terminal: Terminal, now: number): Promise<number> {
  const [health, pause, status, summary, queues, deadLetters] = await Promise.all([
    api.get<StatusResponses['health']>('/health'),
    api.get<StatusResponses['pause']>('/api/pause'),
    api.find<Status>('/api/status'),
    api.find<Summary>('/api/summary', { window: 'hour' }),
    api.find<Queues>('/api/queues'),
    api.find<DeadLetterSummary>('/api/dead-letters'),
  ]);
  const responses: StatusResponses = { health, pause, status, summary, queues, deadLetters };
  const { text, problems } = statusText(responses, { url: api.url.origin, now }, terminal);
  terminal.out(json ? `${JSON.stringify({ problems, ...responses }, null, 2)}\n` : text);
  return problems.length === 0 ? 0 : 1;
}

export const status = statusCommand();
