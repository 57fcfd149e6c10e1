import type { RunCompleted } from '@dispatcher/contracts';
import { readHead } from '@dispatcher/contracts/testing';
import { afterAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compileFile } from '../compile/compile-file.ts';
import { ruleWarnings, type Warning } from '../compile/rule-warnings.ts';
import { aRepository, aRun, noGuardRails, root } from '../testing/run-scenario.ts';
import { decide } from './decide.ts';

/** Proves by random files and runs that what the warnings say about rules is true for `decide`. */
const pick = <Value>(...values: Value[]) => fc.constantFrom(...values);
const patterns = fc.uniqueArray(pick('main', '**', 'release/*', '!main', 'v[0-9]', 'v1', '!v1', '!release/*'), {
  minLength: 1,
  maxLength: 3,
});
const source = fc.record(
  {
    workflow: pick('ci.yml'),
    branches: patterns,
    tags: patterns,
    events: pick(['push'], ['push', 'pull_request'], ['pull_request'], ['push', 'schedule']),
    attempts: pick([1], [1, 2]),
  },
  { requiredKeys: ['workflow'] },
);
const outboundTarget = fc.record({ repository: pick('deploy'), workflow: pick('cd.yml'), id: pick('a', 'b') });
const inboundTarget = fc.record(
  {
    workflow: pick('cd.yml'),
    refs: pick(['v*'], ['v1', '!v2'], ['**']),
    inputs: pick(['x'], [{ x: ['a', 'b'] }], [{ x: ['a'] }]),
  },
  { requiredKeys: ['workflow'] },
);
const outboundRules = fc.array(
  fc.record({ source, targets: fc.array(outboundTarget, { minLength: 1, maxLength: 2 }) }),
  {
    minLength: 1,
    maxLength: 3,
  },
);
const inboundSource = fc
  .tuple(source, pick('app', 'octo/*', 'octo/app', 'a*'))
  .map(([rest, repository]) => ({ ...rest, repository }));
const inboundRules = fc.array(
  fc.record({ source: inboundSource, targets: fc.array(inboundTarget, { minLength: 1, maxLength: 2 }) }),
  { minLength: 2, maxLength: 4 },
);
const run = fc
  .record({
    event: pick('push', 'push', 'pull_request', 'schedule'),
    headBranch: pick('main', 'release/1', 'v1', 'v2', 'other'),
    attempt: pick(1, 2, 3),
  })
  .map((changes) => aRun(changes));
const asTag = fc.boolean();

let covered = 0;
afterAll(() => expect(covered).toBeGreaterThan(0));

/** Returns the warnings of a file; null if the file is invalid. */
function warningsIn(text: string, repository: string): readonly Warning[] | null {
  const compiled = compileFile(text);
  return compiled.ok ? ruleWarnings(compiled.file, repository) : null;
}

function sourceRepository(text: string, one: RunCompleted, isTag: boolean) {
  const read = { state: 'read', sha: one.run.headSha } as const;
  const head = readHead(one, isTag ? { branch: { state: 'absent' }, tag: read } : {});
  return aRepository('octo/app', text, { id: 1, heads: [head] });
}

test('an outbound target that a warning calls unreachable is never allowed', () => {
  fc.assert(
    fc.property(outboundRules, fc.array(run, { minLength: 3, maxLength: 6 }), asTag, (outbound, runs, isTag) => {
      const text = JSON.stringify({ outbound });
      const warnings = warningsIn(text, 'octo/app');
      if (warnings === null) return;
      const dead = new Set(
        warnings.map(({ path: [, rule, , target] }) => `outbound[${String(rule)}].targets[${String(target)}]`),
      );
      const everything =
        "inbound: [{ source: { repository: app, workflow: ci.yml, branches: ['**'], tags: ['**'], events: [push, pull_request, schedule] }, targets: [{ workflow: cd.yml }] }]";
      for (const one of runs) {
        const plan = decide({
          run: one,
          lineage: root,
          source: sourceRepository(text, one, isTag),
          targets: { 'octo/deploy': aRepository('octo/deploy', everything) },
          guardRails: noGuardRails,
        });
        const allowed = plan.decisions.filter(({ effect }) => effect === 'allow').map(({ rule }) => rule);
        expect(allowed.filter((rule) => dead.has(rule))).toEqual([]);
      }
      covered += dead.size > 0 ? 1 : 0;
    }),
  );
});

test('removing an inbound target that a warning calls superfluous changes no effect', () => {
  const inputs = pick({}, { x: 'a' }, { x: 'b' }, { x: 'c' });
  fc.assert(
    fc.property(inboundRules, run, inputs, pick(undefined, 'v1', 'v2'), asTag, (inbound, one, values, ref, isTag) => {
      const warnings = warningsIn(JSON.stringify({ inbound }), 'octo/deploy');
      if (warnings === null) return;
      const dead = warnings
        .filter(({ path }) => path.length === 4)
        .map(({ path: [, rule, , target] }) => `${String(rule)}.${String(target)}`);
      const kept = inbound.map((rule, at) => ({
        ...rule,
        targets: rule.targets.filter((_, index) => !dead.includes(`${at}.${index}`)),
      }));
      const outbound = {
        outbound: [
          {
            source: {
              workflow: 'ci.yml',
              branches: ['**'],
              tags: ['**'],
              events: ['push', 'pull_request', 'schedule'],
            },
            targets: [
              { repository: 'deploy', workflow: 'cd.yml', inputs: values, ...(ref === undefined ? {} : { ref }) },
            ],
          },
        ],
      };
      const effectWith = (rules: readonly object[]) =>
        decide({
          run: one,
          lineage: root,
          source: sourceRepository(JSON.stringify(outbound), one, isTag),
          targets: {
            'octo/deploy': aRepository('octo/deploy', JSON.stringify({ inbound: rules }), {
              refs: ref === undefined ? {} : { [ref]: 'tag' as const },
            }),
          },
          guardRails: noGuardRails,
        }).decisions.map(({ effect }) => effect);
      expect(effectWith(kept.filter(({ targets }) => targets.length > 0))).toEqual(effectWith(inbound));
      covered += dead.length > 0 ? 1 : 0;
    }),
  );
});
