import { describe, expect, test } from '@jest/globals';
import { dispatchId, routeId, routeLabel } from './ids.ts';

const route = {
  source: { repository: 'octo-org/app', workflow: 'ci.yml' },
  target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
};

describe('ids', () => {
  test('a route in a different case is the same route, but a workflow file in a different case is not', () => {
    const upperCase = { ...route, source: { ...route.source, repository: 'Octo-Org/APP' } };
    expect(routeId(upperCase)).toBe(routeId(route));
    expect(routeId({ ...route, source: { ...route.source, workflow: 'CI.yml' } })).not.toBe(routeId(route));
  });

  test('a look-alike repository name makes a different route', () => {
    const from = (repository: string) => routeId({ ...route, source: { ...route.source, repository } });
    const to = (repository: string) => routeId({ ...route, target: { ...route.target, repository } });
    expect(from('octo-org/\u212Ait')).not.toBe(from('octo-org/kit'));
    expect(to('octo-org/\u212Ait')).not.toBe(to('octo-org/kit'));
    expect(from('octo-org/K\u0130T')).not.toBe(from('octo-org/ki\u0307t'));
  });

  test('two targets with the same workflow and different ids are two routes', () => {
    expect(routeId({ ...route, id: 'staging' })).not.toBe(routeId({ ...route, id: 'prod' }));
    expect(routeLabel({ ...route, id: 'staging' })).toBe('octo-org/app:ci.yml → octo-org/deploy:cd.yml#staging');
  });

  test('only a raised generation makes a second dispatch of the same run and route', () => {
    expect(dispatchId('1-2-1', 'abc')).toBe(dispatchId('1-2-1', 'abc', 0));
    expect(dispatchId('1-2-1', 'abc', 1)).not.toBe(dispatchId('1-2-1', 'abc'));
    expect(dispatchId('1-2-2', 'abc')).not.toBe(dispatchId('1-2-1', 'abc'));
  });
});
