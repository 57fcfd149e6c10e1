import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startedFeatures } from '../app/emulator.ts';
import { emulatorToken } from '../app/emulator-token.ts';
import { repositoryRoot, writeRunningFile } from '../app/running-file.ts';
import { startSystem, type System } from '../app/system.ts';
import { dispatchedRuns, type EmulatorRun } from '../testing/github.ts';
import { inheritedVariables } from '../testing/operator.ts';
import { commandsOf } from '../testing/shell.ts';
import { until } from '../testing/until.ts';

// Follows the guide on rehearsals command by command.

let dataDir: string;
let system: System;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rehearsal-'));
  // A lost response is looked up after five seconds and not after a minute: the command of the guide waits for two.
  const env = { EMULATOR_RUN_SECONDS: '1', RECONCILE_WINDOW_SECONDS: '5' };
  system = await startSystem({ dataDir, port: 0, env, appFeatures: startedFeatures });
  const { url, emulatorUrl } = system;
  await writeRunningFile(dataDir, { pid: process.pid, url, emulatorUrl, emulatorToken });
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true, maxRetries: 5 });
});

const exec = promisify(execFile);

async function run(commands: string, variables: Record<string, string> = {}): Promise<string> {
  const { stdout } = await exec('sh', ['-euc', commands], {
    cwd: repositoryRoot,
    env: {
      ...inheritedVariables,
      PATH: `${join(repositoryRoot, 'node_modules/.bin')}:${process.env['PATH']}`,
      HOME: dataDir,
      DISPATCHER_DATA_DIR: dataDir,
      ...variables,
    },
  });
  return stdout;
}

const startedRuns = (repository: string): Promise<EmulatorRun[]> =>
  dispatchedRuns(system.emulatorUrl ?? '', repository);

test('the guide on rehearsals works when it is followed command by command', async () => {
  const [look, rules, edit, refs, waiting, complete, failure, checks, rerun, fault, ...others] =
    commandsOf('guide/rehearse.md');
  expect(others).toEqual([]);

  const shown = await run(look ?? '');
  expect(shown).toContain('octo-org/deploy');
  expect(shown).toContain('outbound:');

  // The target that denied now allows, and its run completes by itself.
  expect(await run(rules ?? '')).toMatch(/allow +octo-org\/app:ci\.yml → octo-org\/docs:publish\.yml/);
  await until(async () => (await startedRuns('octo-org/docs'))[0]?.conclusion === 'success');

  const edited = await run((edit ?? '').replaceAll('my-rules.yml', join(dataDir, 'my-rules.yml')));
  expect(edited).toContain('dispatching.yml');

  const changed = await run(refs ?? '');
  for (const part of ['release/1', 'v1', 'README.md', 'playground is archived', 'Deleted octo-org/playground'])
    expect(changed).toContain(part);

  expect(await run(waiting ?? '')).toContain('started');
  const open = (await startedRuns('octo-org/deploy')).find(({ conclusion }) => conclusion === null);
  const completed = await run(complete ?? '', { RUN: String(open?.id) });
  expect(completed).toMatch(/completed with failure[\s\S]*status 202[\s\S]*completed with success[\s\S]*status 202/);

  expect(await run(failure ?? '')).toMatch(/no-match[\s\S]*conclusion[\s\S]*failure/);

  await run(checks ?? '');
  let check: string | undefined;
  await until(async () => {
    const [, page] = /success +(\S+) +Dispatcher: /.exec(await run('npm run github -- show octo-org/app')) ?? [];
    check = page;
    return page !== undefined;
  });
  expect(await run(rerun ?? '', { CHECK: check ?? '' })).toMatch(
    /at Dispatcher .*status 202[\s\S]*at all checks .*status 202/,
  );

  const before = (await startedRuns('octo-org/deploy')).length;
  expect(await run(fault ?? '')).toContain('reset-after');
  await until(async () => (await startedRuns('octo-org/deploy')).length > before);
});

test('the commands of the readme push a rule that lets the denied target start', async () => {
  const [commands = ''] = [...commandsOf('../README.md')].filter((block) => block.includes('npm run github'));
  const output = await run(commands);
  expect(output).toContain('Pushed dispatching.yml to octo-org/docs');
  expect(output).toMatch(/allow +octo-org\/app:ci\.yml → octo-org\/docs:publish\.yml/);
});

test('the guide on API keys starts a workflow when it is followed literally, and reports the missing permission', async () => {
  const blocks = commandsOf('guide/start-by-key.md');
  expect(blocks).toHaveLength(5);
  const before = (await startedRuns('octo-org/deploy')).length;
  const output = await run(blocks.join('\n'));
  expect(output).toContain('Pushed dispatching.yml to octo-org/deploy');
  expect(output).toContain('"success":true');
  expect(output).toContain('"code":"app-permission-missing"');
  await until(async () => (await startedRuns('octo-org/deploy')).length > before);
  expect((await startedRuns('octo-org/deploy')).at(-1)).toMatchObject({ headBranch: 'main', inputs: { sha: 'abc' } });
});

test('the guide on jobs starts a workflow from a running job when it is followed literally', async () => {
  const [, own = '', environment = '', push = '', start = ''] = commandsOf('guide/start-from-a-job.md');
  const before = (await startedRuns('octo-org/deploy')).length;
  const output = await run([environment, push, start].join('\n'));
  expect(output).toMatch(/octo-org\/deploy:cd\.yml is started: http:\/\/\S+\/runs\/request-[0-9a-f]{32}/);
  await until(async () => (await startedRuns('octo-org/deploy')).length > before);
  expect((await startedRuns('octo-org/deploy')).at(-1)).toMatchObject({ headBranch: 'main', inputs: { sha: 'abc' } });
  // Without the action, as the guide shows first.
  const [variables = ''] = start.split('\n');
  expect(await run([environment, variables, own].join('\n'))).toContain('"success":true');
});
