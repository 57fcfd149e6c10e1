import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startEmulator } from './emulator.ts';
import { exampleSeed } from './state/example-seed.ts';

const USAGE = `Usage: node packages/github-emulator/src/main.ts --seed FILE | --example FILE [--port N | --prefer-port N] [--host H] [--data DIR]

  --seed FILE     JSON file with the initial App, owners, repositories and installations
  --example FILE  use the example organization, with the App of this JSON file: {"key": PEM, "webhookUrl", "webhookSecret", "appId", "slug", "permissions", "events"}
  --port N        default: 0, any free port
  --prefer-port N use this port if it is free, otherwise any free port
  --host H        default: 127.0.0.1
  --run-seconds N dispatched runs complete by themselves after N seconds. Default: never
  --webhook-timeout-seconds N  how long a webhook waits for a response. Default: 10, as at GitHub
  --data DIR      store the state in this directory and load it at the next start

The control API needs a token: EMULATOR_TOKEN of the environment, or a random one.

Prints {"listening":"http://…"} when it is ready, with "controlToken" if EMULATOR_TOKEN is not set. Ctrl-C stops it.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      example: { type: 'string' },
      port: { type: 'string', default: '0' },
      'prefer-port': { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string' },
      'run-seconds': { type: 'string' },
      'webhook-timeout-seconds': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const file = values.seed ?? values.example;
  if (values.help || file === undefined) {
    console.error(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const content = JSON.parse(await readFile(file, 'utf8'));
  const token = process.env['EMULATOR_TOKEN'] || undefined;
  const emulator = await startEmulator({
    seed: values.seed === undefined ? exampleSeed(content) : content,
    port: Number(values.port),
    ...(values['prefer-port'] === undefined ? {} : { preferredPort: Number(values['prefer-port']) }),
    host: values.host,
    settings: {
      ...(values['run-seconds'] === undefined ? {} : { runDurationMs: Number(values['run-seconds']) * 1_000 }),
      ...(values['webhook-timeout-seconds'] === undefined
        ? {}
        : { webhookTimeoutMs: Number(values['webhook-timeout-seconds']) * 1_000 }),
    },
    ...(values.data === undefined ? {} : { dataDir: values.data }),
    ...(token === undefined ? {} : { controlToken: token }),
  });
  const stop = (): void => {
    emulator.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const { url: listening, controlToken } = emulator;
  console.log(JSON.stringify(token === undefined ? { listening, controlToken } : { listening }));
}

function fail(error: unknown): void {
  console.error(`The GitHub emulator stopped: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

main().catch(fail);
