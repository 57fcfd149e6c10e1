import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Runs the unchanged script. `skopeo` is replaced by a command that keeps an image as one file with its digest, because
// the real one needs a registry: `oci:FOLDER:NAME` is FOLDER/NAME, `docker://NAME` is registry/NAME.

const names = ['ingress', 'planning', 'dispatch', 'facts', 'admin'];
const digest = (character: string) => `sha256:${character.repeat(64)}`;
const skopeo = `#!/usr/bin/env bash
set -euo pipefail
file() { case "$1" in oci:*) echo "$(cut -d : -f 2 <<<"$1")/$(cut -d : -f 3 <<<"$1")" ;; *) echo "$TEST_DIRECTORY/registry/\${1#docker://}" ;; esac; }
case "$1" in
  inspect) cat "$(file "\${@: -1}")" ;;
  copy)
    [[ "$*" == *' --preserve-digests '* ]] || exit 9
    echo "\${@: -1}" >>"$TEST_DIRECTORY/copied"
    to="$(file "\${@: -1}")"
    mkdir -p "$(dirname "$to")"
    cp "$(file "\${@: -2:1}")" "$to"
    while [[ "$1" != --digestfile ]]; do shift; done
    cp "$to" "$2" ;;
esac
`;

let directory: string;
const file = (name: string) => join(directory, name);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'push-'));
  mkdirSync(file('scripts'));
  cpSync(fileURLToPath(new URL('.', import.meta.url)), file('scripts/images'), { recursive: true });
  mkdirSync(file('bin'));
  writeFileSync(file('bin/skopeo'), skopeo);
  chmodSync(file('bin/skopeo'), 0o755);
  mkdirSync(file('release/images'), { recursive: true });
  for (const name of names) writeFileSync(file(`release/images/${name}`), digest('a'));
  writeFileSync(
    file('release/images.json'),
    JSON.stringify(Object.fromEntries(names.map((name) => [name, digest('a')])), null, 2),
  );
});
afterEach(() => rmSync(directory, { recursive: true }));

function push() {
  return spawnSync(file('scripts/images/push.sh'), ['v1.0.0', 'release'], {
    encoding: 'utf8',
    env: {
      PATH: [file('bin'), process.env['PATH']].join(delimiter),
      TEST_DIRECTORY: directory,
      IMAGE_REGISTRY: 'registry.example',
    },
  });
}

test('every image that was built is pushed with its digest', () => {
  const { status, stderr, stdout } = push();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toBe('images: pushed 5 as v1.0.0\n');
  expect(readFileSync(file('copied'), 'utf8').trimEnd().split('\n')).toEqual(
    names.map((name) => `docker://registry.example/dispatcher/${name}:v1.0.0`),
  );
});

test('an image that is not the one of images.json is not pushed', () => {
  writeFileSync(file('release/images/ingress'), digest('b'));
  const { status, stderr } = push();
  expect(status).toBe(1);
  expect(stderr).toContain('the image of ingress in release/images is not the one of images.json');
  expect(existsSync(file('copied'))).toBe(false);
});

test('a push that was interrupted goes on with the images that are missing', () => {
  push();
  rmSync(file('copied'));
  rmSync(file('registry/registry.example/dispatcher/admin:v1.0.0'));
  expect(push().status).toBe(0);
  expect(readFileSync(file('copied'), 'utf8')).toBe('docker://registry.example/dispatcher/admin:v1.0.0\n');
});

test('a tag that has another image already is refused', () => {
  push();
  writeFileSync(file('registry/registry.example/dispatcher/facts:v1.0.0'), digest('b'));
  const { status, stderr } = push();
  expect(status).toBe(1);
  expect(stderr).toContain(`the registry has ${digest('b')} as v1.0.0 of facts, not ${digest('a')}`);
});
