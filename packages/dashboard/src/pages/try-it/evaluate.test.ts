import { expect, test } from '@jest/globals';
import { evaluate, problemsOfFields } from './evaluate.ts';
import { type ExampleName, examples } from './example.ts';

const outcomeOf = (name: ExampleName) => {
  const { plan } = evaluate(examples[name].example);
  return plan.decisions.length === 0 ? plan.code : plan.decisions.map(({ code }) => code).join();
};

test('each example shows what its title says', () => {
  expect(Object.fromEntries((Object.keys(examples) as ExampleName[]).map((name) => [name, outcomeOf(name)]))).toEqual({
    agreed: 'allowed',
    'no-inbound': 'inbound-no-match',
    branch: 'no-match',
    failed: 'allowed',
    input: 'inbound-input',
    typo: 'config-invalid',
  });
});

test('the examples have no warnings, and inputs are filled in', () => {
  const { plan, sourceFile, targetFile } = evaluate(examples.agreed.example);
  expect([sourceFile.warnings, targetFile.warnings]).toEqual([[], []]);
  expect(plan.decisions[0]?.inputs).toEqual({ version: expect.stringMatching(/^[\da-f]{40}$/) });
});

test('a mistake is reported at its line and column', () => {
  const { sourceFile, targetFile } = evaluate(examples.typo.example);
  expect(sourceFile.errors).toMatchObject([{ line: 2, message: expect.stringContaining('brances') }]);
  expect(targetFile).toEqual({ errors: [], warnings: [] });
});

test('an empty file counts as absent', () => {
  expect(evaluate({ ...examples.agreed.example, sourceFile: '' }).plan.code).toBe('no-config');
});

test('a release is of a tag', () => {
  const { example } = examples.agreed;
  const sourceFile = example.sourceFile.replace('branches: [main]', 'tags: ["v*"]');
  const targetFile = example.targetFile.replace('workflow: ci.yml }', 'workflow: ci.yml, tags: ["v*"] }');
  const release = { ...example, event: 'release', branch: 'v1.2.0', sourceFile, targetFile };
  expect(evaluate(release).plan.decisions[0]?.code).toBe('allowed');
});

test('a target that the example does not have is named', () => {
  const { example } = examples.agreed;
  const { otherTargets } = evaluate({ ...example, target: 'acme/other' });
  expect(otherTargets).toEqual(['acme/deploy']);
});

test('fields with malformed names are refused before anything is decided', () => {
  const { example } = examples.agreed;
  expect(problemsOfFields(example)).toEqual({});
  expect(Object.keys(problemsOfFields({ ...example, source: 'acme', workflow: 'ci', branch: ' ' })).toSorted()).toEqual(
    ['branch', 'source', 'workflow'],
  );
});
