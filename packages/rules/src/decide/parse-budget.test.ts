import type { TargetSnapshots } from '@dispatcher/contracts';
import { readHead } from '@dispatcher/contracts/testing';
import { describe, expect, test } from '@jest/globals';
import { compileFile, maxRules } from '../compile/compile-file.ts';
import { aRepository, aRun, noGuardRails, root } from '../testing/run-scenario.ts';
import { maxFileBytes } from '../yaml/yaml-document.ts';
import { decide } from './decide.ts';
import { maxParsedBytes, targetsOverBudget } from '../checks/parse-budget.ts';

const targets = (count: number, text: string): TargetSnapshots =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `octo/t${index}`,
      aRepository(`octo/t${index}`, text, { id: 100 + index }),
    ]),
  );
const padded = (text: string, bytes: number) => `${text}#${' '.repeat(bytes - text.length - 1)}`;
const consent = 'inbound:\n  - source: { repository: app, workflow: ci.yml }\n    targets: [{ workflow: cd.yml }]\n';
const sourceOf = (count: number) =>
  aRepository(
    'octo/app',
    `outbound:\n  - source: { workflow: ci.yml }\n    targets:\n${Array.from({ length: count }, (_, index) => `      - { repository: t${index}, workflow: cd.yml }\n`).join('')}`,
    { id: 1, heads: [readHead(aRun())] },
  );

describe('the budget of a run', () => {
  test('a file of 1,000 rules with conditions, a target and an input fits into the limit of a file', () => {
    const rule = (index: number) =>
      `  - source: { workflow: build-${index}.yml, branches: [main, 'release/**'] }\n    targets:\n      - repository: deploy-${index}\n        workflow: cd.yml\n        inputs: { sha: '\${{ source.head_sha }}' }\n`;
    const text = `outbound:\n${Array.from({ length: maxRules }, (_, index) => rule(index)).join('')}`;
    expect(compileFile(text).ok).toBe(true);
    expect(text.length).toBeGreaterThan(maxFileBytes * 0.95);
  });

  test('25 targets with ordinary files are within it', () => {
    expect(targetsOverBudget(sourceOf(25), targets(25, padded(consent, 20_000))).size).toBe(0);
  });

  test('targets beyond it are denied with their own code, in a fixed order, and the others are decided', () => {
    const size = 190_000;
    const source = sourceOf(25);
    const input = {
      run: aRun(),
      lineage: root,
      source,
      targets: targets(25, padded(consent, size)),
      guardRails: noGuardRails,
    };
    const plan = decide(input);
    const within = Math.floor(maxParsedBytes / size);
    const codes = plan.decisions.map(({ code }) => code);
    expect(codes.slice(within)).toEqual(Array.from({ length: 25 - within }, () => 'plan-over-budget'));
    expect(codes.slice(0, within)).not.toContain('plan-over-budget');
    expect(plan.decisions.at(-1)).toMatchObject({ effect: 'deny', responsible: 'source' });
    expect(decide(input)).toEqual(plan);
  });

  test('a file that is refused for its size costs nothing', () => {
    expect(targetsOverBudget(sourceOf(25), targets(25, padded(consent, 400_000))).size).toBe(0);
  });
});
