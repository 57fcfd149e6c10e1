import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Dispatcher starts workflows and does nothing else: it makes no repositories and no infrastructure.

const root = fileURLToPath(new URL('..', import.meta.url));
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(`${root}${file}`));
const shipped = ['ingress', 'planning', 'dispatch', 'facts', 'admin'];
const sources = tracked.filter((file) => /^(functions|packages)\/.*\.(ts|mjs)$/.test(file) && !file.includes('.test.'));

describe('dispatching only', () => {
  test('no module, route or configuration file is about vending', () => {
    expect(tracked.filter((file) => /vending/i.test(file))).toEqual([]);
    expect(sources.filter((file) => /vending/i.test(readFileSync(`${root}${file}`, 'utf8')))).toEqual([]);
  });

  test.each(shipped)('the shipped bundle of %s knows neither Terraform nor how to start a process', (name) => {
    const sourcesOfFunction = sources.filter((file) => file.startsWith(`functions/${name}/`));
    expect(sourcesOfFunction.length).toBeGreaterThan(0);
    for (const file of sourcesOfFunction) expect(readFileSync(`${root}${file}`, 'utf8')).not.toMatch(/child_process/);
    expect(readFileSync(`${root}functions/${name}/dist/handler.mjs`, 'utf8')).not.toMatch(/terraform|vending/i);
  });

  test('no source creates a repository at GitHub', () => {
    const creates =
      /POST \/(orgs\/\{[a-z]+\}|user)\/repos|POST \/repos\/[^'"` ]*\/generate|createInOrg|createForAuthenticatedUser/;
    expect(sources.filter((file) => creates.test(readFileSync(`${root}${file}`, 'utf8')))).toEqual([]);
  });
});
