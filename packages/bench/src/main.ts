import { benchLog } from './log.ts';
import { benchProjections } from './projections.ts';
import { benchRules } from './rules.ts';
import { benchWebhooks } from './webhooks.ts';

/** The benchmarks by name: `npm run bench -- rules`; `npm run bench -- projections 300` runs for 300 seconds. */
const benchmarks: Readonly<Record<string, (option?: number) => string | Promise<string>>> = {
  rules: benchRules,
  projections: benchProjections,
  log: benchLog,
  webhooks: benchWebhooks,
};

const name = process.argv[2] ?? '';
const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (benchmark === undefined) {
  process.stderr.write(
    `Unknown benchmark. The benchmarks are: ${Object.keys(benchmarks).join(', ')}. Example: npm run bench -- rules\n`,
  );
  process.exitCode = 2;
} else {
  const option = process.argv[3];
  process.stdout.write(await benchmark(...(option === undefined ? [] : [Number(option)])));
}
