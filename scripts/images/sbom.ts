// Prints the SBOM of one function's image as CycloneDX 1.6: the packages whose code is in the bundle, according to
// esbuild's metafile, and for admin in the dashboard. The base image has its own SBOM. Arguments: FUNCTION VERSION DIGEST.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: unknown;
}

const [name, version, digest] = process.argv.slice(2);
if (name === undefined || version === undefined || !/^sha256:[0-9a-f]{64}$/.test(digest ?? '')) {
  throw new Error('usage: node scripts/images/sbom.ts FUNCTION VERSION sha256:…');
}
const root = fileURLToPath(new URL('../..', import.meta.url));
const metafile = JSON.parse(readFileSync(join(root, `functions/${name}/dist/meta.json`), 'utf8')) as {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
};

/** Returns the package of a folder. A package.json without name and version only sets the module type of its folder. */
function packageOf(folder: string): Manifest {
  const file = join(folder, 'package.json');
  const manifest = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : {};
  if (manifest.name !== undefined && manifest.version !== undefined) return manifest;
  if (dirname(folder) === folder) throw new Error('A bundled file does not belong to a package.');
  return packageOf(dirname(folder));
}

function component({ name: packageName = '', version: packageVersion = '', license }: Manifest) {
  const purl = `pkg:npm/${packageName.replace('@', '%40')}@${packageVersion}`;
  return {
    type: 'library',
    'bom-ref': purl,
    name: packageName,
    version: packageVersion,
    purl,
    ...(typeof license === 'string' ? { licenses: [{ expression: license }] } : {}),
  };
}

const bundled = Object.values(metafile.outputs)
  .flatMap(({ inputs }) => Object.entries(inputs))
  .flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 && !file.startsWith('<') ? [file] : []));
// The image of admin has the dashboard, too, whose build lists its files.
const served: readonly string[] =
  name === 'admin' ? JSON.parse(readFileSync(join(root, 'packages/dashboard/dist/modules.json'), 'utf8')) : [];
const packages = new Map(
  [...bundled, ...served].map((file) => {
    const found = packageOf(dirname(join(root, file)));
    return [`${found.name}@${found.version}`, found] as const;
  }),
);
const sbom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    component: {
      type: 'container',
      'bom-ref': `dispatcher/${name}@${digest}`,
      name: `dispatcher/${name}`,
      version,
      hashes: [{ alg: 'SHA-256', content: digest?.slice('sha256:'.length) }],
    },
  },
  components: [...packages.entries()]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, found]) => component(found)),
};
console.log(JSON.stringify(sbom, null, 2));
