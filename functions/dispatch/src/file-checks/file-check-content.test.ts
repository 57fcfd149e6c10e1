import type { FileCheck, FileProblem } from '@dispatcher/contracts';
import { describe, expect, test } from '@jest/globals';
import { activeParts, maliciousTexts } from '../testing/malicious-texts.ts';
import { fileCheckContent } from './file-check-content.ts';

const problem: FileProblem = {
  file: 'dispatching.yml',
  line: 3,
  column: 5,
  message: 'unknown key `brances`',
  fix: 'write `branches`',
};

function check(change: Partial<FileCheck> = {}): FileCheck {
  return {
    version: 1,
    deliveryId: 'guid-1',
    checkedAt: '2026-11-03T14:00:00.000Z',
    installationId: 7,
    repositoryId: 9,
    owner: 'octo-org',
    name: 'app',
    sha: 'c'.repeat(40),
    defaultBranch: 'main',
    isFromFork: false,
    isInEffect: false,
    state: 'valid',
    path: 'dispatching.yml',
    misnamed: null,
    problems: [],
    warnings: [],
    effects: [],
    omittedEffects: 0,
    omittedRepositories: 0,
    ...change,
  };
}

describe('the conclusion', () => {
  test.each<[string, Partial<FileCheck>, string, string]>([
    ['a valid file', {}, 'success', 'dispatching.yml is valid'],
    ['a valid file with a warning', { warnings: [problem] }, 'neutral', 'dispatching.yml is valid, with 1 warning'],
    ['an invalid file', { state: 'invalid', problems: [problem] }, 'failure', 'dispatching.yml is invalid: 1 problem'],
    [
      'two files',
      { state: 'ambiguous', path: null, problems: [problem] },
      'failure',
      'There are two files, and neither is used',
    ],
    ['no file', { state: 'absent', path: null }, 'success', 'dispatching.yml is removed'],
    [
      'a file with the wrong extension',
      {
        state: 'absent',
        path: null,
        misnamed: 'dispatching.yaml',
        warnings: [{ ...problem, file: 'dispatching.yaml' }],
      },
      'neutral',
      'dispatching.yaml is never read',
    ],
  ])('of %s', (_, change, conclusion, title) => {
    expect(fileCheckContent(check(change))).toMatchObject({ conclusion, title });
  });

  test('does not depend on what other repositories agree to', () => {
    const effects = [
      { change: 'stops-being-agreed', source: 'octo-org/app:ci.yml', target: 'octo-org/deploy:cd.yml' },
      { change: 'becomes-requested', source: 'octo-org/app:ci.yml', target: 'octo-org/docs:cd.yml' },
    ] as const;
    const { conclusion, summary } = fileCheckContent(check({ effects: [...effects] }));
    expect(conclusion).toBe('success');
    expect(summary).toContain('- ` octo-org/app:ci.yml ` → ` octo-org/deploy:cd.yml `');
  });
});

describe('the annotations', () => {
  test('are at the lines, with what to write instead', () => {
    const { annotations } = fileCheckContent(check({ state: 'invalid', problems: [problem], warnings: [problem] }));
    const at = { path: 'dispatching.yml', startLine: 3, endLine: 3 };
    expect(annotations).toMatchObject([
      { ...at, level: 'failure', message: 'unknown key `brances`; write `branches`' },
      { ...at, level: 'warning' },
    ]);
  });
});

describe('the text', () => {
  test('of a fork’s pull request says nothing of other repositories', () => {
    const effects = [
      { change: 'becomes-agreed', source: 'octo-org/app:ci.yml', target: 'octo-org/secret:cd.yml' },
    ] as const;
    const { summary } = fileCheckContent(check({ isFromFork: true, effects: [...effects], omittedRepositories: 3 }));
    expect(summary).toContain('only the file itself is checked');
    expect(summary).not.toMatch(/secret|3 repository/);
  });

  test('stays within GitHub’s limit, however many problems and effects there are', () => {
    const problems = Array.from({ length: 100 }, () => ({ ...problem, message: 'x'.repeat(1_000) }));
    const effects = Array.from({ length: 200 }, (_, index) => ({
      change: 'becomes-agreed' as const,
      source: `octo-org/${'a'.repeat(90)}${index}:ci.yml`,
      target: 'octo-org/deploy:cd.yml',
    }));
    const { summary, annotations } = fileCheckContent(
      check({ state: 'invalid', problems, warnings: problems, effects }),
    );
    expect(summary.length).toBeLessThan(65_535);
    expect(annotations).toHaveLength(200);
  });

  test.each(maliciousTexts)('%s in what people choose is rendered as text', (_, malicious) => {
    const text = { ...problem, message: `unknown key ${malicious}`, fix: malicious };
    const effects = [
      { change: 'becomes-agreed', source: `octo-org/app:${malicious}`, target: `octo-org/${malicious}:cd.yml` },
    ] as const;
    const { title, summary } = fileCheckContent(
      check({
        state: 'invalid',
        defaultBranch: malicious,
        problems: [text],
        warnings: [text],
        effects: [...effects],
      }),
    );
    expect(activeParts(summary)).toEqual([]);
    expect(title).toBe('dispatching.yml is invalid: 1 problem');
  });
});
