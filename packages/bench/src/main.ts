import { benchProjections } from './projections.ts';
import { benchRules } from './rules.ts';
import { benchWebhooks } from './webhooks.ts';

/** Every measurement by its name: `npm run bench -- rules`; `npm run bench -- projections 300` for 300 seconds. */
const benches: Readonly<Record<string, (option?: number) => string | Promise<string>>> = {
  rules: () => benchRules(),
  projections: benchProjections,
  webhooks: benchWebhooks,
};

const name = process.argv[2] ?? '';
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (bench === undefined) {
  process.stderr.write(`Name one of: ${Object.keys(benches).join(', ')}. Example: npm run bench -- rules\n`);
  process.exitCode = 2;
} else {
  const option = process.argv[3];
  process.stdout.write(await bench(...(option === undefined ? [] : [Number(option)])));
}
