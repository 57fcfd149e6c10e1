import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const main = fileURLToPath(new URL('../main.ts', import.meta.url));

test('the example of the README explains the sample run, with the answer in the first line', () => {
  const readme = readFileSync(`${root}/README.md`, 'utf8').replaceAll('\\\n', '');
  const command = /^npx --no-install dispatcher (explain --run docs\/examples\/run\.json .*)$/m.exec(readme)?.[1] ?? '';
  const explained = spawnSync(process.execPath, [main, ...command.split(/\s+/)], { cwd: root, encoding: 'utf8' });
  expect({ status: explained.status, stderr: explained.stderr }).toEqual({ status: 0, stderr: '' });
  expect(explained.stdout.split('\n').slice(0, 2)).toEqual([
    'Starts octo-org/deploy:cd.yml.',
    'planned: octo-org/app:ci.yml: 1 of 1 matched routes are allowed.',
  ]);
  expect(explained.stdout).toContain('input sha: acb5820ced9479c074f688cc328bf03f341a511d');
});
