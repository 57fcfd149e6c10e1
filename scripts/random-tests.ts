import { expect } from '@jest/globals';
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { repositoryRoot } from './node-24.mjs';

// Set-up of every test file: all random tests of a file take their values from one seed. The first of them prints it with
// the command that runs the file again with the same values; so does every failure.

const given = process.env['SEED'];
if (given !== undefined && !/^-?\d{1,10}$/.test(given)) throw new Error(`SEED must be a whole number; it is ${given}.`);
const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);

// What also decides which values a test meets, where it is set.
const sizes = ['HISTORIES', 'FUZZ_RUNS'].flatMap((name) => {
  const value = process.env[name];
  return value === undefined ? [] : [`${name}=${value}`];
});
const variables = [`SEED=${seed}`, ...sizes].join(' ');

/** Returns the command that runs a test file again with this seed. */
export function replayCommand(testPath: string): string {
  const file = relative(repositoryRoot, testPath).replaceAll('\\', '/');
  const [, folder, inPackage] = /^((?:packages|functions)\/[^/]+)\/(.+)$/.exec(file) ?? [];
  if (folder === undefined) return `${variables} npm test -- ${file}`;
  const { name } = JSON.parse(readFileSync(`${repositoryRoot}${folder}/package.json`, 'utf8')) as { name: string };
  return `${variables} npm test -w ${name} -- ${inPackage}`;
}

let printed = false;

fc.configureGlobal({
  seed,
  reporter(details) {
    const command = replayCommand(expect.getState().testPath ?? '');
    if (!printed) process.stdout.write(`random tests; replay with: ${command}\n`);
    printed = true;
    if (!details.failed) return;
    throw new Error(`${fc.defaultReportMessage(details)}\n\nReplay: ${command}`, { cause: details.errorInstance });
  },
});
