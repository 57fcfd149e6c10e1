import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTablesCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startSystem, type System } from '../app/system.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { operatorEnvironment, runCommandLine } from '../testing/operator.ts';

// What another user of this machine, or a web page in the user's browser, can do to the running system.

let parent: string;
let dataDir: string;
let system: System;
let github: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'local-access-'));
  dataDir = join(parent, 'data');
  system = await startSystem({ dataDir, port: 0, env: {} });
  github = system.emulatorUrl ?? '';
});
afterAll(async () => {
  await system.close();
  await rm(parent, { recursive: true });
});

function statusOf(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => resolve(response.resume().statusCode ?? 0))
      .on('error', reject)
      .end();
  });
}

test('the commands of the owner work with the environment file', async () => {
  const environment = await operatorEnvironment(dataDir);
  expect(await runCommandLine(environment, 'keys', 'list')).toContain('KEY');
  expect(environment['EMULATOR_TOKEN']).toBe(system.emulatorToken);
});

test('another user can read neither the environment file nor the data directory', async () => {
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  expect(await modeOf(dataDir)).toBe('700');
  expect(await modeOf(join(dataDir, 'environment'))).toBe('600');
  expect(await modeOf(join(dataDir, 'app.json'))).toBe('600');
});

test('another user cannot read tables or send messages without the access key of this start', async () => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: system.awsUrl, region: 'us-east-1', credentials, maxAttempts: 1 });
  await expect(client.send(new ListTablesCommand({}))).rejects.toThrow('not that of this start');
  client.destroy();
});

test('another user cannot start a run in the emulator without the token of this start', async () => {
  const run = { repository: 'octo-org/app', workflow: 'ci.yml' };
  await expect(control(github, 'POST', '/runs', run, 'a guess')).rejects.toThrow('401');
  expect(await dispatchedRuns(github, 'octo-org/deploy')).toEqual([]);
});

test('a web page whose host name resolves to this machine is refused by the API, the AWS endpoint and the emulator', async () => {
  for (const url of [`${system.url}/api/deliveries`, `${github}/_emulator/runs`, `${github}/app`])
    expect(await statusOf(url, 'evil.example')).toBe(403);
  // AWS's JSON protocol has no other status for a refusal.
  expect(await statusOf(system.awsUrl, 'evil.example')).toBe(400);
});
