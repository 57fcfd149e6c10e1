import { parseArgs } from 'node:util';
import { loadEnvironmentFile } from '../app/environment-file.ts';
import { dataDirOf, readRunningFile } from '../app/running-file.ts';
import { type Command, commands, UsageError } from './commands.ts';
import { createEmulatorApi } from './emulator-api.ts';

// `npm run github`: does in the emulator of the running system what people do on GitHub.

const names = Object.keys(commands);
const width = Math.max(...names.map((name) => `${name} ${commands[name]?.usage}`.length));

const overview = `Does in the GitHub emulator of the running system (npm start) what people do on GitHub.

  npm run github -- COMMAND …

${names.map((name) => `  ${`${name} ${commands[name]?.usage}`.padEnd(width)}  ${commands[name]?.summary}`).join('\n')}

npm run github -- COMMAND --help lists the options of a command. npm run deliver completes a CI run.`;

function helpOf(name: string, { usage, summary, help }: Command): string {
  const options = [...help, '--help             this text'].map((line) => (line === '' ? '' : `  ${line}`));
  return `${summary[0]?.toUpperCase()}${summary.slice(1)}.\n\n  npm run github -- ${`${name} ${usage}`.trim()} [options]\n\n${options.join('\n')}`;
}

async function main([name, ...rest]: readonly string[]): Promise<void> {
  if (name === undefined || name === 'help' || name === '--help') {
    console.log(overview);
    return;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(`There is no command ${name}. Commands: ${names.join(', ')}.`);
  const { values, positionals } = parse(command, rest);
  const { help, ...options } = values;
  if (help === true) {
    console.log(helpOf(name, command));
    return;
  }
  if (positionals.length < command.min || positionals.length > command.max) {
    throw new UsageError(`Write: npm run github -- ${`${name} ${command.usage}`.trim()}`);
  }
  loadEnvironmentFile();
  const { emulatorUrl, emulatorToken } = await readRunningFile(dataDirOf(process.env));
  if (emulatorUrl === null) {
    throw new Error('The system serves a real GitHub App. Use GitHub itself instead of its emulator.');
  }
  await command.run({
    api: createEmulatorApi(emulatorUrl, emulatorToken),
    args: positionals,
    options,
    // npm runs scripts in the directory of the package.
    directory: process.env['INIT_CWD'] ?? process.cwd(),
    print: (line) => console.log(line),
  });
}

function parse(command: Command, args: readonly string[]) {
  try {
    const options = { ...command.options, help: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { values: values as Readonly<Record<string, string | boolean | undefined>>, positionals };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
