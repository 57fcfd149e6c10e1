import { describe, expect, test } from '@jest/globals';
import { program, runCommand } from './run-command.ts';
import { entryOf, flatten } from './command-line/table-entries.ts';

const silent = { out: () => undefined, err: () => undefined, readFile: () => new Uint8Array() };
const root = entryOf(program({ terminal: silent, exit: async () => undefined }));
const entries = flatten(root);

async function run(args: readonly string[], columns?: number) {
  let out = '';
  let err = '';
  const terminal = {
    ...silent,
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    columns,
  };
  return { code: await runCommand(args, terminal), out, err };
}

describe('the command line', () => {
  test.each(entries.map((entry) => [entry.path.join(' '), entry] as const))(
    'the help of `%s` shows usage and every option, within the width of the terminal',
    async (_, { path, options, subcommands }) => {
      const { code, out, err } = await run([...path, '--help'], 60);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain(`Usage: ${['dispatcher', ...path].join(' ')}`);
      for (const { names } of options) expect(out).toContain(names.at(-1));
      for (const { path: below } of subcommands) expect(out).toMatch(new RegExp(`^ {2}${below.at(-1)} `, 'm'));
      // The usage and examples are not wrapped.
      const wrapped = out
        .replace(/\nExamples:\n(?: {2}.*\n)+/, '')
        .split('\n')
        .slice(1);
      expect(wrapped.filter((line) => line.length > 60)).toEqual([]);
    },
  );

  test.each(entries.filter(({ path }) => path.length > 0).map(({ path }) => [path]))(
    '`help` and `--help` of %s are the same, and other arguments do not matter',
    async (path) => {
      const { out } = await run([...path, '--help']);
      expect(await run(['help', ...path])).toEqual({ code: 0, out, err: '' });
      expect(await run([...path, '-h'])).toEqual({ code: 0, out, err: '' });
    },
  );

  test.each(entries.filter(({ path }) => path.length > 0).map(({ path }) => [path]))(
    'every command has a summary, and %s says what its exit codes mean',
    async (path) => {
      const entry = entries.find((each) => each.path === path);
      expect(entry?.summary.length).toBeGreaterThan(5);
      expect((await run([...path, '--help'])).out).toMatch(/Exit codes: 0 /);
    },
  );

  test.each([
    [['replya'], "Unknown command 'replya'. Did you mean replay?", 'dispatcher --help'],
    [['keys', 'crate'], "Unknown command 'crate'. Did you mean create?", 'dispatcher keys --help'],
    [['replay', '--reson', 'x'], "Unknown option '--reson'. Did you mean --reason?", 'dispatcher replay --help'],
    [['keys', 'create', '--rol', 'x'], "Unknown option '--rol'. Did you mean --role?", 'dispatcher keys create --help'],
    [['completion', 'tcsh'], 'bash, zsh, fish', 'dispatcher completion --help'],
    [['keys'], 'Choose an action: create, list, revoke.', 'dispatcher keys --help'],
    [['replay', '--reason'], "Option '--reason <text>' argument missing.", 'dispatcher replay --help'],
    [['pause', '--reason', '--no-wait'], 'write --reason=--no-wait', 'dispatcher pause --help'],
    [['pause', 'now'], "Too many arguments for 'pause'.", 'dispatcher pause --help'],
    [['nothing-like-it'], "Unknown command 'nothing-like-it'.", 'dispatcher --help'],
  ])('%j exits with 2, says what to write, and names the help', async (args, message, help) => {
    const { code, out, err } = await run(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toContain(`See \`${help}\`.`);
  });

  test('without arguments it prints the commands and exits with 2', async () => {
    const { code, out } = await run([]);
    expect(code).toBe(2);
    expect(out).toBe((await run(['--help'])).out);
  });

  test('--version prints the version of the package', async () => {
    const { code, out } = await run(['--version']);
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('options have one meaning: the same name has the same kind of value everywhere', () => {
    const kinds = new Map<string, Set<boolean>>();
    for (const { names, takesValue } of entries.flatMap(({ options }) => options)) {
      for (const name of names) kinds.set(name, (kinds.get(name) ?? new Set()).add(takesValue));
    }
    expect([...kinds].filter(([, kind]) => kind.size > 1)).toEqual([]);
  });
});
