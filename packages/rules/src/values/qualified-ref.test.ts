import { describe, expect, test } from '@jest/globals';
import { aRepository, aRun, inbound, noGuardRails, outbound, outcomeIn, planIn } from '../testing/run-scenario.ts';
import { readHead } from '@dispatcher/contracts/testing';
import { targetsToRead } from '../decide/targets-to-read.ts';
import { targetToConfirm } from '../decide/confirm-decision.ts';
import { problemOfRef } from './fields.ts';

const on = (ref: string) => outbound.replace('cd.yml', `cd.yml, ref: ${ref}`);
const target = (refs: string, found: 'branch' | 'tag' | 'absent' = 'tag', name = 'v1') =>
  aRepository('octo/deploy', inbound.replace('cd.yml', `cd.yml, refs: ${refs}`), { refs: { [name]: found } });

describe('a ref with its type', () => {
  test.each(['refs/tags/v1', 'refs/heads/release/1', 'refs/heads/main', 'v1'])('is valid: %s', (ref) => {
    expect(problemOfRef(ref)).toBeNull();
  });

  test.each([
    'refs/pull/1/head',
    'refs/heads/',
    'refs/tags/',
    'refs/',
    'refs/tags/a..b',
    'refs/heads/v*',
    'refs/heads/-x',
    `refs/heads/${'a'.repeat(40)}`,
    'refs/tags/{{ x }}',
  ])('is refused: %s', (ref) => {
    expect(problemOfRef(ref)).not.toBeNull();
  });

  test.each<[string, string, string, 'branch' | 'tag' | 'absent', string]>([
    ['a tag that the rule accepts by its name', 'refs/tags/v1', "['v*']", 'tag', 'allow'],
    ['a tag where a branch has the same name, which GitHub decides', 'refs/tags/v1', "['v*']", 'branch', 'allow'],
    ['a branch that the rule accepts by its name', 'refs/heads/v1', '[v1]', 'branch', 'allow'],
    ['a branch of which only a tag exists', 'refs/heads/v1', '[v1]', 'tag', 'ref-missing'],
    ['a tag that does not exist', 'refs/tags/v1', '[v1]', 'absent', 'ref-missing'],
    ['a tag that the rule does not accept', 'refs/tags/v1', "['w*']", 'tag', 'inbound-ref'],
  ])('%s', (_, ref, refs, found, outcome) => {
    expect(outcomeIn({ source: on(ref), target: target(refs, found) })).toBe(outcome);
  });

  test('the default branch is accepted with its type, and a tag with its name is not', () => {
    expect(outcomeIn({ source: on('refs/heads/main') })).toBe('allow');
    expect(outcomeIn({ source: on('refs/tags/main') })).toBe('inbound-ref');
    expect(outcomeIn({ source: on('refs/tags/main'), target: target('[main]', 'branch', 'main') })).toBe('allow');
  });

  test('the workflow file is checked on the default branch, however it is written', () => {
    const without = aRepository('octo/deploy', inbound, { workflows: { 'cd.yml': { state: 'absent' } } });
    expect(outcomeIn({ source: on('refs/heads/main'), target: without })).toBe('workflow-missing');
  });

  test('is read by its name, and sent as it is written', () => {
    const run = aRun();
    const source = aRepository('octo/app', on('refs/tags/v1'), { id: 1, heads: [readHead(run)] });
    expect(targetsToRead(run, source, noGuardRails)).toMatchObject([{ refs: ['v1'] }]);
    const [decision] = planIn({ source: on('refs/tags/v1'), target: target("['v*']") }).decisions;
    expect(decision).toMatchObject({ effect: 'allow', ref: 'refs/tags/v1' });
    expect(decision === undefined ? [] : targetToConfirm(decision).refs).toEqual(['v1']);
  });
});
