import { countsOf, triggerKinds } from '@dispatcher/contracts';
import { describe, expect, test } from '@jest/globals';
import { stateOfOutcome } from '../../words/states.ts';
import { evaluate } from './evaluate.ts';
import { type Example, type ExampleName, examples, hasSource } from './example.ts';
import { problemsOfFields } from './trigger-of-example.ts';

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
    schedule: 'allowed',
    event: 'allowed',
    job: 'allowed',
    policy: 'policy-refused',
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

test.each(['key', 'schedule', 'webhook'] as const)(
  'an event that a %s requests needs an inbound rule of its type',
  (trigger) => {
    const { example } = examples.event;
    const targetFile = example.targetFile.replace('key: release-bot', `${trigger}: release-bot`);
    const codeOf = (changes: Partial<Example>) =>
      evaluate({ ...example, trigger, targetFile, ...changes }).plan.decisions[0]?.code;
    expect(codeOf({})).toBe('allowed');
    expect(codeOf({ eventType: 'rollback' })).toBe('inbound-no-match');
    expect(codeOf({ requester: 'another' })).toBe('inbound-no-match');
    expect(problemsOfFields({ ...example, eventType: '' })).toEqual({ eventType: expect.any(String) });
    // Fields of a workflow are neither shown nor examined.
    expect(problemsOfFields({ ...example, targetWorkflow: '', ref: ' ', inputs: 'none' })).toEqual({});
  },
);

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

test('a pattern means the target of the example, if both have the same owner', () => {
  const { example } = examples.agreed;
  const sourceFile = example.sourceFile.replace(/repository: [\w/.-]+/, "repository: 'de*'");
  expect(sourceFile).not.toBe(example.sourceFile);
  const decided = (change: Partial<Example>) => evaluate({ ...example, sourceFile, ...change }).plan;
  expect(decided({}).decisions).toMatchObject([{ code: 'allowed', pattern: 'de*' }]);
  expect(decided({ targetFile: '' }).decisions).toMatchObject([{ code: 'target-no-config', pattern: 'de*' }]);
  expect(decided({ target: 'partner/deploy' })).toMatchObject({ code: 'no-match', decisions: [] });
});

describe('a rule that needs several workflows', () => {
  const { example } = examples.agreed;
  const needing = (needs: string): Example => {
    const sourceFile = example.sourceFile
      .replace('workflow: ci.yml', `needs: ${needs}`)
      .replace('workflow: cd.yml', 'id: all-checks\n        workflow: cd.yml');
    return { ...example, sourceFile };
  };

  test('assumes that the others succeeded on the same commit', () => {
    const { plan, assumedWorkflows, sourceFile } = evaluate(needing('[ci.yml, security.yml]'));
    expect(sourceFile.errors).toEqual([]);
    expect(plan.decisions).toMatchObject([{ code: 'allowed' }]);
    expect(assumedWorkflows).toEqual(['security.yml']);
  });

  test('waits if their success is not what the rule needs, and is not shown as refused', () => {
    const { plan } = evaluate(needing('[ci.yml, { workflow: security.yml, conclusions: [skipped] }]'));
    expect(plan.decisions).toMatchObject([{ code: 'waiting-for-needs', responsible: 'nobody' }]);
    expect(stateOfOutcome(plan.outcome, countsOf(plan.decisions)).word).toBe('Left to another run');
  });

  test('assumes nothing for the run of another workflow', () => {
    const { plan, assumedWorkflows } = evaluate(needing('[build.yml, security.yml]'));
    expect(plan).toMatchObject({ code: 'no-match', decisions: [] });
    expect(assumedWorkflows).toEqual([]);
  });
});

test('fields with malformed names are refused before anything is decided', () => {
  const { example } = examples.agreed;
  expect(problemsOfFields(example)).toEqual({});
  expect(Object.keys(problemsOfFields({ ...example, source: 'acme', workflow: 'ci', branch: ' ' })).toSorted()).toEqual(
    ['branch', 'source', 'workflow'],
  );
});

const codesOf = (example: Example) => {
  const { plan } = evaluate(example);
  return plan.decisions.length === 0 ? [plan.code] : plan.decisions.map(({ code }) => code);
};

describe('each kind of trigger', () => {
  const { example } = examples.agreed;
  /** The conditions of both sides for a kind. */
  const consentTo = (kind: Example['trigger']): Example => {
    if (kind === 'run') return example;
    if (kind === 'job') return examples.job.example;
    const targetFile = example.targetFile.replace('{ repository: acme/app, workflow: ci.yml }', `{ ${kind}: nightly }`);
    return { ...example, trigger: kind, targetFile };
  };

  test.each(triggerKinds)('%s: starts where both sides agree', (kind) => {
    expect(problemsOfFields(consentTo(kind))).toEqual({});
    const { plan } = evaluate(consentTo(kind));
    expect(plan.decisions).toMatchObject([{ code: 'allowed', inputs: { version: expect.any(String) } }]);
  });

  test.each(triggerKinds)('%s: is refused where the target agrees with every other kind', (kind) => {
    for (const other of triggerKinds.filter((each) => each !== kind)) {
      const { targetFile } = consentTo(other);
      expect(codesOf({ ...consentTo(kind), targetFile })).toEqual(['inbound-no-match']);
    }
  });

  test.each(triggerKinds)('%s: only its own fields are checked', (kind) => {
    const malformed = { source: '', workflow: '', branch: '', requester: '', targetWorkflow: '', inputs: 'no value' };
    const problems = Object.keys(problemsOfFields({ ...consentTo(kind), ...malformed })).toSorted();
    const ofSource = hasSource({ trigger: kind }) ? ['branch', 'source', 'workflow'] : ['requester'];
    const ofRequest = kind === 'run' ? [] : ['inputs', 'targetWorkflow'];
    expect(problems).toEqual([...ofSource, ...ofRequest].toSorted());
  });
});

test('the id that a job names selects the outbound target', () => {
  const { example } = examples.job;
  const sourceFile = example.sourceFile.replace('- repository', '- id: eu\n        repository');
  expect(codesOf({ ...example, sourceFile, targetId: 'eu' })).toEqual(['allowed']);
  expect(codesOf({ ...example, sourceFile, targetId: 'us' })).toEqual(['no-match']);
});

describe('the policy', () => {
  const { example } = examples.agreed;

  test('of another owner than that of the target binds the source', () => {
    const other = { ...example, source: 'other/app', targetFile: example.targetFile.replace('acme/app', 'other/app') };
    expect(codesOf(other)).toEqual(['allowed']);
    expect(codesOf({ ...other, sourcePolicy: 'cross-owner: deny' })).toEqual(['policy-refused']);
    expect(codesOf({ ...other, targetPolicy: 'cross-owner: deny' })).toEqual(['target-policy-refused']);
  });

  test('that is only evaluated refuses nothing, and says what it would refuse', () => {
    const { plan } = evaluate({ ...example, targetPolicy: 'enforcement: evaluate\nsources: [other]' });
    expect(plan.decisions).toMatchObject([{ code: 'allowed', wouldRefuse: [{ name: 'policy-source' }] }]);
  });

  test('with a mistake is reported at its line, and refuses', () => {
    const { plan, targetPolicy } = evaluate({ ...example, targetPolicy: 'enforcement: active\nsource: []' });
    expect(targetPolicy.errors).toMatchObject([{ line: 2, message: expect.stringContaining('source') }]);
    expect(plan.decisions).toMatchObject([{ effect: 'deny', code: expect.stringContaining('policy') }]);
  });

  test('of the target binds the request of a schedule', () => {
    expect(codesOf({ ...examples.schedule.example, targetPolicy: 'targets: [other]' })).toEqual([
      'target-policy-refused',
    ]);
  });
});
