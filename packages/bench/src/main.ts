import { benchRules } from './rules.ts';

/** Every measurement by its name: `npm run bench -- rules`. */
const benches: Readonly<Record<string, () => string>> = { rules: benchRules };

const name = process.argv[2] ?? '';
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (bench === undefined) {
  process.stderr.write(`Name one of: ${Object.keys(benches).join(', ')}. Example: npm run bench -- rules\n`);
  process.exitCode = 2;
} else {
  process.stdout.write(bench());
}
