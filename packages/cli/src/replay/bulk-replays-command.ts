import { setTimeout as delay } from 'node:timers/promises';
import { createApiClient } from '../client/api-client.ts';
import { findApi } from '../client/find-api.ts';
import { defineCommand } from '../command-line/define-command.ts';
import { addNotes } from '../command-line/notes.ts';
import type { Command, Terminal } from '../command.ts';
import { processContext } from '../context/command-context.ts';
import { parseReason, printNotice } from '../operator-reason.ts';
import { createBulkReplayApi } from './bulk-replay-api.ts';
import { bulkReplayText, progressText } from './bulk-replay-text.ts';
import { type BulkReplayDependencies, followBulkReplay, reportRefusal } from './start-bulk-replay.ts';

export const bulkReplayDependencies: BulkReplayDependencies = {
  api: (terminal) =>
    createBulkReplayApi(
      createApiClient(findApi(processContext), {
        wait: processContext.wait,
        warn: (sentence) => terminal.err(`${sentence}\n`),
      }),
    ),
  now: Date.now,
  // An abort ends the wait; the caller checks the signal.
  sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
  stopped: () => {
    const controller = new AbortController();
    process.once('SIGINT', () => controller.abort());
    return controller.signal;
  },
};

export const bulkReplays = bulkReplaysCommand(bulkReplayDependencies);

const json = ['--json', 'print JSON', false] as const;
const reasonOption = ['--reason <text>', 'your reason; recorded', ''] as const;
const idArgument = ['<id>', 'the id of the bulk replay'] as const;

export function bulkReplaysCommand(deps: BulkReplayDependencies): Command {
  return defineCommand('bulk-replays', (table, { terminal, exit }) => {
    table
      .summary('list, show, stop and resume replays of many runs')
      .description(
        'A bulk replay replays many runs, oldest first and at a limited rate. `dispatcher replay --outcome` starts one; it ' +
          'goes on by itself, and only one is active at a time.',
      );
    table
      .command('list')
      .description('Lists the bulk replays, newest first.')
      .option(...json)
      .action(({ json: asJson }) => exit(list(deps, asJson, terminal)));
    table
      .command('show')
      .description('Shows one bulk replay with its progress.')
      .argument(...idArgument)
      .option('--follow', 'print the progress until the bulk replay has ended', false)
      .option(...json)
      .action((id, options) => exit(show(deps, id, options, terminal)));
    table
      .command('stop')
      .description('Stops a bulk replay. Replays that were requested are carried out, the others wait for `resume`.')
      .argument(...idArgument)
      .option(...reasonOption)
      .action((id, { reason }) => exit(change(deps, id, 'stop', reason, terminal)));
    table
      .command('resume')
      .description('Resumes a stopped bulk replay with the first run that was not requested.')
      .argument(...idArgument)
      .option(...reasonOption)
      .action((id, { reason }) => exit(change(deps, id, 'resume', reason, terminal)));
    return addNotes(table, {
      more: [
        'Environment: DISPATCHER_URL and DISPATCHER_API_KEY; a system that `npm start` runs is found without them.',
      ],
      examples: [
        'dispatcher bulk-replays list',
        'dispatcher bulk-replays show 20261103T140000-0a1b2c3d --follow',
        'dispatcher bulk-replays stop 20261103T140000-0a1b2c3d --reason "the target is down again"',
      ],
      exitCodes: {
        0: 'success',
        1: 'Dispatcher could not be reached, or refused the request',
        2: 'invalid arguments',
        130: 'Ctrl-C ended `--follow`; the bulk replay goes on',
      },
    });
  });
}

function list(deps: BulkReplayDependencies, asJson: boolean, terminal: Terminal): Promise<number> {
  return reportRefusal(terminal, async () => {
    const all = await deps.api(terminal).list();
    if (asJson) terminal.out(`${JSON.stringify({ bulkReplays: all }, null, 2)}\n`);
    else if (all.length === 0) terminal.out('There is no bulk replay.\n');
    else terminal.out(all.map(bulkReplayText).join('\n'));
    return 0;
  });
}

function show(
  deps: BulkReplayDependencies,
  id: string,
  { follow, json: asJson }: { readonly follow: boolean; readonly json: boolean },
  terminal: Terminal,
): Promise<number> {
  return reportRefusal(terminal, async () => {
    const api = deps.api(terminal);
    const replay = await api.get(id);
    if (follow) return followBulkReplay(deps, api, replay, terminal);
    terminal.out(asJson ? `${JSON.stringify(replay, null, 2)}\n` : bulkReplayText(replay));
    return 0;
  });
}

function change(
  deps: BulkReplayDependencies,
  id: string,
  action: 'stop' | 'resume',
  text: string,
  terminal: Terminal,
): Promise<number> {
  const reason = parseReason(text);
  printNotice(terminal, reason);
  return reportRefusal(terminal, async () => {
    const replay = await deps.api(terminal).change(id, action, reason);
    terminal.out(`Bulk replay ${replay.bulkReplayId}: ${progressText(replay)}.\n`);
    return 0;
  });
}
