import { expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { repositoryRoot } from './node-24.mjs';

test('every file and folder that CONTRIBUTING.md names exists', () => {
  const page = readFileSync(`${repositoryRoot}CONTRIBUTING.md`, 'utf8');
  const paths = [...page.matchAll(/`((?:packages|functions|infrastructure|scripts|docs|\.github)\/[\w./-]+)`/g)];
  const named = [...new Set(paths.map(([, path = '']) => path))].filter((path) => !path.includes('NAME'));
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => !existsSync(repositoryRoot + path))).toEqual([]);
});
