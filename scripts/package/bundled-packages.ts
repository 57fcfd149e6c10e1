import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly license: string;
  readonly folder: string;
}

/** Returns the third-party packages of which a bundle has code, sorted by name. @param root the folder of the inputs' paths */
export function bundledPackages(metafile: Metafile, root: string): readonly BundledPackage[] {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const files = inputs.flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 && file.includes('node_modules/') ? [join(root, file)] : [],
  );
  const packages = new Map(
    files.map((file) => packageOf(dirname(file))).map((found) => [`${found.name}@${found.version}`, found]),
  );
  return [...packages.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

/** A package.json without name and version only sets the module type of its folder. */
function packageOf(folder: string): BundledPackage {
  const file = join(folder, 'package.json');
  const manifest = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<BundledPackage>) : {};
  const { name, version, license } = manifest;
  if (name !== undefined && version !== undefined) return { name, version, license: license ?? 'unknown', folder };
  if (dirname(folder) === folder) throw new Error('A bundled file does not belong to a package.');
  return packageOf(dirname(folder));
}
