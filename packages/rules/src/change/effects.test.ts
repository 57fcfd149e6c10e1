import type { RepositoryContents, RepositorySnapshot } from '@dispatcher/contracts';
import { readFile, readRepository } from '@dispatcher/contracts/testing';
import { describe, expect, test } from '@jest/globals';
import { effectsOfChange, repositoriesInFiles } from './effects.ts';

let id = 100;
const repository = (name: string, rules: object | string | null): RepositoryContents => {
  id += 1;
  const text = typeof rules === 'string' ? rules : JSON.stringify(rules);
  return readRepository(name, rules === null ? { state: 'absent' } : readFile(`blob of ${text}`, text), { id });
};
const app = (rules: object | string | null) => ({ ...repository('Octo/App', rules), id: 1 });

const asks = (...repositories: string[]) => ({
  outbound: [
    { source: { workflow: 'ci.yml' }, targets: repositories.map((each) => ({ repository: each, workflow: 'cd.yml' })) },
  ],
});
const accepts = (...repositories: string[]) => ({
  inbound: repositories.map((each) => ({
    source: { repository: each, workflow: 'ci.yml' },
    targets: [{ workflow: 'cd.yml' }],
  })),
});

/** Returns the effects as `becomes-agreed Octo/App:ci.yml → octo/deploy:cd.yml`. */
const effects = (before: object | string | null, after: object | string | null, ...others: RepositorySnapshot[]) =>
  effectsOfChange(app(before), app(after), others).map(
    ({ change, source, target }) => `${change} ${source} → ${target}`,
  );

const deploy = repository('octo/Deploy', accepts('app'));
const docs = repository('octo/docs', accepts('another'));

describe('a change of outbound rules', () => {
  test('that asks a target which accepts it: both sides agree', () => {
    expect(effects(null, asks('deploy'), deploy)).toEqual(['becomes-agreed Octo/App:ci.yml → octo/deploy:cd.yml']);
  });

  test('that asks a target which does not accept it: requested only', () => {
    expect(effects(null, asks('docs'), docs)).toEqual(['becomes-requested Octo/App:ci.yml → octo/docs:cd.yml']);
  });

  test('that removes an agreed route, or the file, or makes it invalid: both sides no longer agree', () => {
    const expected = ['stops-being-agreed Octo/App:ci.yml → octo/deploy:cd.yml'];
    for (const after of [asks('docs'), null, 'outbound: 5']) {
      expect(effects(asks('deploy', 'docs'), after, deploy, docs)).toEqual(expected);
    }
  });

  test('that changes nothing for a route has no effect on it', () => {
    expect(effects(asks('deploy', 'docs'), asks('docs', 'DEPLOY'), deploy, docs)).toEqual([]);
  });
});

describe('a change of inbound rules', () => {
  const source = repository('octo/source', asks('app'));

  test('that answers a request: both sides agree', () => {
    expect(effects(null, accepts('source'), source)).toEqual(['becomes-agreed octo/source:ci.yml → Octo/App:cd.yml']);
  });

  test('that accepts somebody who does not ask: offered only', () => {
    expect(effects(null, accepts('nobody'))).toEqual(['becomes-offered octo/nobody:ci.yml → Octo/App:cd.yml']);
  });

  test('that withdraws consent: both sides no longer agree', () => {
    expect(effects(accepts('source'), accepts('other'), source)).toEqual([
      'becomes-offered octo/other:ci.yml → Octo/App:cd.yml',
      'stops-being-agreed octo/source:ci.yml → Octo/App:cd.yml',
    ]);
  });

  test('by a pattern names nobody', () => {
    expect(effects(null, accepts('octo/*'))).toEqual([]);
  });
});

test('a target that exists and does not agree has the same effect as one that does not exist', () => {
  const hidden = [
    repository('Octo/Secret', null),
    repository('Octo/Secret', accepts('another')),
    repository('Octo/Secret', 'inbound: 5'),
    { ...repository('Octo/Secret', accepts('app')), isArchived: true },
    { state: 'absent' } as const,
    { state: 'unknown', reason: 'SAML' } as const,
  ];
  const expected = ['becomes-requested Octo/App:ci.yml → octo/secret:cd.yml'];
  expect(effects(null, asks('secret'))).toEqual(expected);
  for (const other of hidden) expect(effects(null, asks('secret'), other)).toEqual(expected);
});

test('the repositories that files name are those of other names, once, without patterns', () => {
  const both = { ...asks('deploy', 'other/tool', 'APP'), ...accepts('DEPLOY', 'octo/*', 'other/source') };
  expect(repositoriesInFiles([app(both), app(asks('docs'))])).toEqual([
    { owner: 'Octo', name: 'deploy' },
    { owner: 'other', name: 'tool' },
    { owner: 'other', name: 'source' },
    { owner: 'Octo', name: 'docs' },
  ]);
  expect(repositoriesInFiles([app('outbound: 5'), app(null)])).toEqual([]);
});
