// Pins the base image: writes the current digest of its tag into the Dockerfile, the only file that names it. Dependabot
// updates it afterwards. `--check` only checks whether it is pinned.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dockerfile = fileURLToPath(new URL('../../Dockerfile', import.meta.url));
// Prefer an image index: its digest is the same for every architecture, and the build selects the right image.
const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
].join(', ');

interface Base {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string | undefined;
}

function baseOf(text: string): Base {
  const found = /^FROM ([^/\s]+)\/([^:@\s]+):([^@\s]+)(?:@(sha256:[0-9a-f]{64}))?\s*$/m.exec(text);
  const [, registry, repository, tag, digest] = found ?? [];
  if (registry === undefined || repository === undefined || tag === undefined) {
    throw new Error('The Dockerfile has no line FROM REGISTRY/REPOSITORY:TAG.');
  }
  return { registry, repository, tag, digest };
}

/** Returns the digest of the tag by the OCI distribution API, with a token if the registry challenges for one. */
async function currentDigest({ registry, repository, tag }: Base): Promise<string> {
  // Like podman and docker: a registry on localhost has no certificate.
  const scheme = /^(localhost|127\.0\.0\.1)(:|$)/.test(registry) ? 'http' : 'https';
  const url = `${scheme}://${registry}/v2/${repository}/manifests/${tag}`;
  const request = async (headers: Record<string, string>) => {
    try {
      return await fetch(url, { method: 'HEAD', headers: { accept, ...headers } });
    } catch (error) {
      throw new Error(`Could not reach ${registry} (${String((error as Error).cause)}).`, { cause: error });
    }
  };
  let response = await request({});
  if (response.status === 401) {
    response = await request({
      authorization: `Bearer ${await tokenFor(response.headers.get('www-authenticate') ?? '')}`,
    });
  }
  const digest = response.headers.get('docker-content-digest') ?? '';
  if (response.ok && /^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new Error(`${url} returned ${response.status} without a digest.`);
}

async function tokenFor(challenge: string): Promise<string> {
  const { realm, ...parameters } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name ?? '', value ?? '']),
  );
  if (realm === undefined)
    throw new Error(`The registry requires another authentication than a bearer token: ${challenge}`);
  const response = await fetch(`${realm}?${new URLSearchParams(parameters).toString()}`);
  const body = (await response.json()) as { token?: string; access_token?: string };
  const token = body.token ?? body.access_token;
  if (token === undefined) throw new Error(`${realm} returned no token (${response.status}).`);
  return token;
}

async function main(): Promise<void> {
  const text = readFileSync(dockerfile, 'utf8');
  const base = baseOf(text);
  const name = `${base.registry}/${base.repository}:${base.tag}`;
  if (process.argv[2] === '--check') {
    if (base.digest === undefined) {
      throw new Error(`${name} is not pinned. Run \`npm run images:pin\` and commit the Dockerfile.`);
    }
    console.log(`${name} is pinned to ${base.digest}.`);
    return;
  }
  const digest = await currentDigest(base);
  writeFileSync(dockerfile, text.replace(/^FROM .*$/m, `FROM ${name}@${digest}`));
  console.log(`Pinned ${name} to ${digest}. Commit the Dockerfile.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
