// Builds the npm package of the command line: one bundled file without dependencies, the JSON Schema of dispatching.yml,
// and the licences of what is bundled.
//
//   node scripts/package/package-cli.ts DIRECTORY VERSION
//
// GITHUB_REPOSITORY  OWNER/REPOSITORY; the package is @OWNER/dispatcher. Without it: dispatcher-cli, for a test
// The directory is what `npm publish` publishes. Prints the size of the file and the licences.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { bundleCli } from '../bundle-cli.ts';
import { bundledPackages } from './bundled-packages.ts';

const [directory, version] = argv.slice(2);
if (directory === undefined || !/^v?\d+\.\d+\.\d+$/.test(version ?? '')) {
  throw new Error('usage: node scripts/package/package-cli.ts DIRECTORY VERSION, such as v1.2.3');
}
const root = fileURLToPath(new URL('../..', import.meta.url));
const repository = env['GITHUB_REPOSITORY'];
const server = env['GITHUB_SERVER_URL'] ?? 'https://github.com';
const name = repository ? `@${repository.split('/')[0]?.toLowerCase()}/dispatcher` : 'dispatcher-cli';
const releases = repository ? `${server}/${repository}/releases/latest/download` : null;

mkdirSync(directory, { recursive: true });
const metafile = await bundleCli(join(directory, 'dispatcher.mjs'));
const packages = bundledPackages(metafile, root);

const manifest = {
  name,
  version: version?.replace(/^v/, ''),
  description: 'Validates dispatching.yml files, explains decisions, and operates Dispatcher.',
  license: 'Apache-2.0',
  type: 'module',
  bin: { dispatcher: 'dispatcher.mjs' },
  files: ['dispatcher.mjs', 'dispatching.schema.json', 'THIRD-PARTY-LICENSES.md'],
  engines: { node: '>=20.12' },
  ...(repository ? { repository: { type: 'git', url: `git+${server}/${repository}.git` } } : {}),
  publishConfig: { access: 'public', provenance: true },
};
writeFileSync(join(directory, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);

const schema = JSON.parse(readFileSync(join(root, 'docs/reference/dispatching.schema.json'), 'utf8')) as object;
const { $schema, ...rest } = schema as { readonly $schema: string };
const identified = { $schema, ...(releases === null ? {} : { $id: `${releases}/dispatching.schema.json` }), ...rest };
writeFileSync(join(directory, 'dispatching.schema.json'), `${JSON.stringify(identified, null, 2)}\n`);

writeFileSync(
  join(directory, 'README.md'),
  `# ${name}

The command line of Dispatcher as one file. It needs Node 20 or newer and nothing else.

\`\`\`sh
npx ${name} validate
npx ${name} explain --run run.json --source octo-org/app=app.yml --target octo-org/deploy=deploy.yml
\`\`\`

\`validate\` and \`explain\` work without a connection; the other commands use the API of a running Dispatcher
(\`DISPATCHER_URL\`, \`DISPATCHER_API_KEY\`). \`dispatching.schema.json\` is the JSON Schema of \`dispatching.yml\`.
`,
);
writeFileSync(join(directory, 'LICENSE'), readFileSync(join(root, 'LICENSE')));

const rows = packages.map((each) => `| ${each.name} | ${each.version} | ${each.license} |`);
const texts = packages.flatMap(({ name: packageName, folder }) => {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(?:\.md|\.txt)?$/i.test(entry));
  return file === undefined
    ? []
    : [`## ${packageName}\n\n\`\`\`\n${readFileSync(join(folder, file), 'utf8').trim()}\n\`\`\``];
});
writeFileSync(
  join(directory, 'THIRD-PARTY-LICENSES.md'),
  [
    '# Packages in dispatcher.mjs\n',
    '| package | version | licence |\n| --- | --- | --- |',
    ...rows,
    '',
    texts.join('\n\n'),
    '',
  ].join('\n'),
);

const counts = new Map<string, number>();
for (const { license } of packages) counts.set(license, (counts.get(license) ?? 0) + 1);
const kilobytes = Math.round(statSync(join(directory, 'dispatcher.mjs')).size / 1000);
const licenses = [...counts]
  .toSorted(([one], [other]) => (one < other ? -1 : 1))
  .map(([license, count]) => `${license} ${count}`);
console.log(
  `package: ${name} ${manifest.version}, ${kilobytes} KB, ${packages.length} packages: ${licenses.join(', ')}`,
);
