import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test('the policy of an owner refuses what the files allow, and one that is only evaluated says so', () => {
  const readme = readFileSync(`${root}/README.md`, 'utf8').replaceAll('\\\n', '');
  const command = /^npx --no-install dispatcher (explain --run docs\/examples\/run\.json .*)$/m.exec(readme)?.[1] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'explain-policy-'));
  const file = join(folder, 'dispatching-policy.yml');
  const explain = (policy: string) => {
    writeFileSync(file, policy);
    const args = [main, ...command.split(/\s+/), '--policy', `octo-org=${file}`];
    return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' }).stdout;
  };
  const refused = explain('sources: [other]');
  expect(refused).toContain('Starts nothing.');
  expect(refused).toContain('policy-refused: The policy of the source’s owner does not allow');
  const evaluated = explain('enforcement: evaluate\nsources: [other]');
  expect(evaluated).toContain('Starts octo-org/deploy:cd.yml.');
  expect(evaluated).toContain(
    'A policy that is only evaluated would refuse it:\n  ✗ policy-source: expected other; actual app',
  );
  rmSync(folder, { recursive: true });
});
