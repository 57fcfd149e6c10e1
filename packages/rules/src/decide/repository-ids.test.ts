import type { RememberedTargets, RepositoryContents } from '@dispatcher/contracts';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compileFile } from '../compile/compile-file.ts';
import { aFile, aRepository, aRun, decisionIn, outcomeIn, planIn, type RunScenario } from '../testing/run-scenario.ts';
import { idsToRemember } from './ids-to-remember.ts';
import { asSeenBySource } from './source-view.ts';

// octo/app starts partner/deploy: each side names a repository of another owner.

const outboundTo = (more = '') =>
  `outbound:\n  - source: { workflow: ci.yml }\n    targets: [{ repository: partner/deploy, workflow: cd.yml${more} }]\n`;
const inboundFrom = (more = '', repository = 'octo/app') =>
  `inbound:\n  - source: { repository: '${repository}', workflow: ci.yml${more} }\n    targets: [{ workflow: cd.yml }]\n`;

interface Situation {
  readonly sourceId?: number;
  readonly targetId?: number;
  readonly source?: string | RepositoryContents;
  readonly target?: string;
  readonly visibility?: 'public' | 'private';
  readonly remembered?: RememberedTargets;
}

/** A file keeps its Git blob as long as its text is the same. */
const blobs = new Map<string, ReturnType<typeof aFile>>();
function fileOf(text: string) {
  const file = blobs.get(text) ?? aFile(text);
  blobs.set(text, file);
  return file;
}
function repositoryOf(name: string, text: string, id: number, changes: Partial<RepositoryContents> = {}) {
  const files = { 'dispatching.yml': fileOf(text), '.github/dispatching.yml': { state: 'absent' } } as const;
  return { ...aRepository(name, null, { id, ...changes }), files };
}

function scenarioOf({ sourceId = 1, targetId = 22, remembered = {}, ...rest }: Situation = {}) {
  const { source = outboundTo(), target = inboundFrom(), visibility = 'private' } = rest;
  const run = aRun(
    { headRepositoryId: sourceId },
    { repository: { id: sourceId, owner: 'octo', name: 'app', defaultBranch: 'main' } },
  );
  return {
    run,
    source: typeof source === 'string' ? repositoryOf('octo/app', source, sourceId) : source,
    targets: { 'partner/deploy': repositoryOf('partner/deploy', target, targetId, { visibility }) },
    remembered,
  } satisfies RunScenario;
}

const outcomeOf = (situation: Situation) => outcomeIn(scenarioOf(situation));

/** Plans a run and returns what is remembered afterwards. */
function remember(situation: Situation): RememberedTargets {
  const scenario = scenarioOf(situation);
  const changed = idsToRemember({ ...scenario, plan: planIn(scenario) });
  return { ...scenario.remembered, ...changed };
}

const known = remember({});

describe('a source whose name was registered again', () => {
  const again = { sourceId: 2 };

  test('the ids of an allowed dispatch are remembered, and a repeat changes nothing', () => {
    const id = (repositoryId: number) => ({ repositoryId, replacement: null });
    expect(known).toEqual({ 'partner/deploy': { source: id(1), target: id(22) } });
    const scenario = scenarioOf({ remembered: known });
    expect(idsToRemember({ ...scenario, plan: planIn(scenario) })).toEqual({});
    expect(outcomeOf({ remembered: known })).toBe('allow');
  });

  test('is refused, and the decision names both ids', () => {
    const decision = decisionIn(scenarioOf({ ...again, remembered: known }));
    expect(decision).toMatchObject({ effect: 'deny', code: 'source-replaced', responsible: 'target' });
    expect(decision.checks.find(({ name }) => name === 'inbound-source-id')).toMatchObject({
      satisfied: false,
      expected: 'repository 1',
      actual: 'repository 2',
    });
  });

  test('is refused until the target’s file is changed after the first refusal', () => {
    const refused = remember({ ...again, remembered: known });
    expect(refused['partner/deploy']?.source).toMatchObject({ repositoryId: 1, replacement: { repositoryId: 2 } });
    expect(outcomeOf({ ...again, remembered: refused })).toBe('source-replaced');
    expect(remember({ ...again, remembered: refused })).toEqual(refused);
    const touched = { ...again, target: `${inboundFrom()}# they moved\n`, remembered: refused };
    expect(outcomeOf(touched)).toBe('allow');
    const settled = remember(touched);
    expect(settled['partner/deploy']?.source).toEqual({ repositoryId: 2, replacement: null });
    // Now the first repository is the one that is refused.
    expect(outcomeOf({ target: touched.target, remembered: settled })).toBe('source-replaced');
  });

  test('a change of the target’s file before the first refusal does not count', () => {
    expect(outcomeOf({ ...again, target: `${inboundFrom()}# unrelated\n`, remembered: known })).toBe('source-replaced');
  });

  test('a third repository of that name is refused again', () => {
    const refused = remember({ ...again, remembered: known });
    const third = { sourceId: 3, target: `${inboundFrom()}# they moved\n`, remembered: refused };
    expect(outcomeOf(third)).toBe('source-replaced');
    expect(remember(third)['partner/deploy']?.source.replacement?.repositoryId).toBe(3);
  });

  test('the first repository, if it is restored, is accepted, and the refused one must be seen anew', () => {
    const refused = remember({ ...again, remembered: known });
    expect(outcomeOf({ remembered: refused })).toBe('allow');
    expect(remember({ remembered: refused })).toEqual(known);
  });

  test('a change of the source’s own file does not help', () => {
    const refused = remember({ ...again, remembered: known });
    expect(outcomeOf({ ...again, source: `${outboundTo()}# changed\n`, remembered: refused })).toBe('source-replaced');
  });

  test('a name that a pattern matches is remembered, too', () => {
    const target = inboundFrom('', 'octo/*');
    const remembered = remember({ target });
    expect(outcomeOf({ ...again, target, remembered })).toBe('source-replaced');
  });

  test('a repository of the same owner is not remembered: the owner decides who gets the name', () => {
    const scenario = {
      ...scenarioOf(),
      source: 'outbound:\n  - source: { workflow: ci.yml }\n    targets: [{ repository: deploy, workflow: cd.yml }]\n',
      targets: { 'octo/deploy': aRepository('octo/deploy', inboundFrom()) },
    };
    const plan = planIn(scenario);
    expect(plan.decisions).toMatchObject([{ effect: 'allow' }]);
    expect(idsToRemember({ ...scenario, source: aRepository('octo/app', scenario.source), plan })).toEqual({});
  });

  test('a denied run is not remembered', () => {
    expect(remember({ target: inboundFrom(', branches: [live]') })).toEqual({});
  });

  test('sees no more than any stranger if the target is private', () => {
    const view = asSeenBySource(decisionIn(scenarioOf({ ...again, remembered: known })));
    const stranger = asSeenBySource(decisionIn(scenarioOf({ ...again, target: 'inbound: []\n' })));
    expect(view).toEqual(stranger);
    expect(view.code).toBe('target-refused');
    expect(JSON.stringify(view)).not.toContain('repository 1');
    const open = asSeenBySource(decisionIn(scenarioOf({ ...again, visibility: 'public', remembered: known })));
    expect(open.code).toBe('source-replaced');
    expect(open.message).not.toContain('repository 1');
  });
});

describe('a target whose name was registered again', () => {
  const again = { targetId: 23 };

  test('is refused until the source’s file is changed after the first refusal', () => {
    const decision = decisionIn(scenarioOf({ ...again, remembered: known }));
    expect(decision).toMatchObject({ effect: 'deny', code: 'target-replaced', responsible: 'source' });
    const refused = remember({ ...again, remembered: known });
    expect(outcomeOf({ ...again, remembered: refused })).toBe('target-replaced');
    expect(outcomeOf({ ...again, target: `${inboundFrom()}# ours\n`, remembered: refused })).toBe('target-replaced');
    const touched = { ...again, source: `${outboundTo()}# moved\n`, remembered: refused };
    expect(outcomeOf(touched)).toBe('allow');
    expect(remember(touched)['partner/deploy']?.target).toEqual({ repositoryId: 23, replacement: null });
  });

  test('both sides can be refused at once, and each is accepted by its own file', () => {
    const both = { sourceId: 2, targetId: 23 };
    const refused = remember({ ...both, remembered: known });
    expect(refused['partner/deploy']).toMatchObject({
      source: { replacement: { repositoryId: 2 } },
      target: { replacement: { repositoryId: 23 } },
    });
    const source = `${outboundTo()}# moved\n`;
    expect(outcomeOf({ ...both, source, remembered: refused })).toBe('source-replaced');
    expect(outcomeOf({ ...both, source, target: `${inboundFrom()}# moved\n`, remembered: refused })).toBe('allow');
  });
});

describe('`repository-id` in a rule', () => {
  test('accepts the id at once and refuses every other one, without any memory', () => {
    const target = inboundFrom(', repository-id: 2');
    expect(outcomeOf({ sourceId: 2, target, remembered: known })).toBe('allow');
    expect(outcomeOf({ sourceId: 1, target })).toBe('source-replaced');
    const source = outboundTo(', repository-id: 23');
    expect(outcomeOf({ targetId: 23, source, remembered: known })).toBe('allow');
    expect(outcomeOf({ targetId: 22, source })).toBe('target-replaced');
  });

  test('changing the file does not accept a repository that the rule excludes', () => {
    const target = inboundFrom(', repository-id: 1');
    const remembered = remember({ sourceId: 2, target, remembered: remember({ target }) });
    expect(outcomeOf({ sourceId: 2, target: `${target}# touched\n`, remembered })).toBe('source-replaced');
  });

  test('another rule that accepts the repository suffices', () => {
    const target = `${inboundFrom(', repository-id: 9')}${inboundFrom().replace('inbound:\n', '')}`;
    expect(outcomeOf({ target })).toBe('allow');
  });

  test.each([
    [
      "inbound:\n  - source: { repository: 'octo/*', repository-id: 1, workflow: ci.yml }\n    targets: [{ workflow: cd.yml }]\n",
      '`repository-id` cannot be combined with a pattern',
    ],
    [
      'inbound:\n  - source: { key: k, repository-id: 1 }\n    targets: [{ workflow: cd.yml }]\n',
      '`repository-id` cannot be combined with `key`',
    ],
    [inboundFrom(', repository-id: 0'), '`repository-id` must be a whole number from 1, but is 0'],
    [inboundFrom(", repository-id: '12'"), '`repository-id` must be a whole number from 1, but is text'],
    [inboundFrom(', id: 12'), 'unknown key `id`'],
  ])('is refused where it cannot be meant: %j', (text, message) => {
    const compiled = compileFile(text);
    expect(compiled.ok ? [] : compiled.errors.map((error) => error.message)).toContain(message);
  });
});

test('property: nobody gets in under a name without a touched file, a pin, or a restored repository', () => {
  const step = fc.record({
    sourceId: fc.integer({ min: 1, max: 3 }),
    targetId: fc.integer({ min: 21, max: 23 }),
    touchSource: fc.boolean(),
    touchTarget: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      let remembered: RememberedTargets = {};
      const touched = { source: 0, target: 0 };
      // The model: who is accepted now, and since which version of the file another one is refused.
      const accepted: { source?: number; target?: number } = {};
      const refusedAt: Record<string, { readonly id: number; readonly version: number } | undefined> = {};
      for (const { sourceId, targetId, touchSource, touchTarget } of steps) {
        if (touchSource) touched.source += 1;
        if (touchTarget) touched.target += 1;
        const situation = {
          sourceId,
          targetId,
          source: `${outboundTo()}# ${touched.source}\n`,
          target: `${inboundFrom()}# ${touched.target}\n`,
          remembered,
        };
        const accepts = (side: 'source' | 'target', id: number, version: number) => {
          const refused = refusedAt[side];
          const isAccepted =
            accepted[side] === undefined || accepted[side] === id || (refused?.id === id && version > refused.version);
          if (!isAccepted && refused?.id !== id) refusedAt[side] = { id, version };
          return isAccepted;
        };
        // The target's file decides about the source, and the source's file about the target.
        const both = [accepts('source', sourceId, touched.target), accepts('target', targetId, touched.source)];
        const isAllowed = both.every(Boolean);
        expect(outcomeOf(situation) === 'allow').toBe(isAllowed);
        if (isAllowed) {
          Object.assign(accepted, { source: sourceId, target: targetId });
          delete refusedAt['source'];
          delete refusedAt['target'];
        }
        remembered = remember(situation);
      }
    }),
    { numRuns: 100 },
  );
});
