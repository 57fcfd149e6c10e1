import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startEmulator } from './emulator.ts';
import { exampleSeed } from './example-seed.ts';

const USAGE = `Usage: node packages/github-emulator/src/main.ts --seed FILE | --example FILE [--port N] [--host H] [--data DIR]

  --seed FILE     the App, owners, repositories and installations to begin with (JSON)
  --example FILE  the example organisation, for the App in this file: {"key": PEM, "webhookUrl", "webhookSecret", "appId", "slug"}
  --port N        default 0: any free port
  --host H        default 127.0.0.1
  --data DIR      keep the state here, and go on from it at the next start

Prints {"listening":"http://…"} when it is ready. Ctrl-C stops it.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      example: { type: 'string' },
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string' },
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
  const emulator = await startEmulator({
    seed: values.seed === undefined ? exampleSeed(content) : content,
    port: Number(values.port),
    host: values.host,
    ...(values.data === undefined ? {} : { dataDir: values.data }),
  });
  const stop = (): void => {
    emulator.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  console.log(JSON.stringify({ listening: emulator.url }));
}

function fail(error: unknown): void {
  console.error(`The GitHub emulator stopped: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

main().catch(fail);
