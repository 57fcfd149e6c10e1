import { describe, expect, test } from '@jest/globals';
import { PRIVATE_KEY } from '../testing/example-emulator.ts';
import type { Issue, Run, State } from './entities.ts';
import { exampleSeed } from './example-seed.ts';
import { addRepository, stateFromSeed } from './seed.ts';
import { applyChanges, changesOfRows, changesSince, type RowChange, stateOfRows, type Tables } from './state-rows.ts';
import { StateStore } from './state-store.ts';

const clock = () => Date.parse('2026-03-04T05:06:07Z');
const json = <T>(value: T): T => JSON.parse(JSON.stringify(value));

function example() {
  const state = stateFromSeed(exampleSeed({ key: PRIVATE_KEY }), clock);
  const saved: Tables = new Map();
  applyChanges(saved, json(changesSince(saved, state)));
  return { state, store: new StateStore(state, clock), saved };
}

/** Saves as the file does: through JSON. */
function save(saved: Tables, state: State): RowChange[] {
  const changes = changesSince(saved, state);
  applyChanges(saved, changes);
  return json(changes);
}

const run = (id: number): Run => ({ id, repositoryId: 1, status: 'queued', conclusion: null, inputs: {} }) as Run;
const namesOf = (changes: readonly RowChange[]) =>
  changes.map(([table, key, ...value]) => `${value.length === 0 ? 'delete' : 'put'} ${table}/${key}`);

describe('the rows of the state', () => {
  test('rebuild the state with all entities in their order', () => {
    const { state, saved } = example();
    expect(stateOfRows(saved)).toEqual(state);
    const copy: Tables = new Map();
    applyChanges(copy, json([...changesOfRows(saved)]));
    expect(JSON.stringify(stateOfRows(copy))).toBe(JSON.stringify(stateOfRows(saved)));
  });

  test('a state without changes has none', () => {
    const { state, saved } = example();
    save(saved, state);
    expect(changesSince(saved, state)).toEqual([]);
  });

  test('a change in place writes its row only, however deep it is', () => {
    const { state, saved } = example();
    state.runs.push(run(1), run(2), run(3));
    state.issues.push({ id: 7, comments: [] as object[] } as Issue);
    save(saved, state);
    Object.assign(state.runs[1] ?? {}, { status: 'completed' });
    state.issues[0]?.comments.push({ id: 8, body: 'text', user: 'octocat', createdAt: '' });
    state.app.webhook.url = 'http://127.0.0.1:9/';
    state.counters['run'] = 3;
    expect(namesOf(save(saved, state))).toEqual(['put runs/2', 'put issues/7', 'put counters/run', 'put fields/app']);
    expect(stateOfRows(saved)).toEqual(state);
  });

  test('a push writes its commit and the repository without its earlier commits', () => {
    const { state, store, saved } = example();
    save(saved, state);
    const [repository] = state.repositories;
    if (repository === undefined) throw new Error('The example has no repository.');
    const oid = store.commit(repository, 'main', { 'README.md': 'text' }, 'Write');
    const changes = save(saved, state);
    expect(namesOf(changes)).toEqual([`put repositories/${repository.id}`, `put commits/${repository.id}/${oid}`]);
    expect(JSON.stringify(changes[0])).not.toContain('commits');
  });

  test('deleting the oldest deliveries does not write the others', () => {
    const { state, saved } = example();
    state.deliveries.push(...[1, 2, 3, 4].map((id) => ({ id, body: 'text' }) as State['deliveries'][number]));
    save(saved, state);
    state.deliveries = state.deliveries.slice(2);
    expect(namesOf(save(saved, state))).toEqual(['delete deliveries/1', 'delete deliveries/2']);
  });

  test('a row that moved to the end is at the end after a restart', () => {
    const { state, store, saved } = example();
    save(saved, state);
    const [{ owner, name } = { owner: '', name: '' }] = state.repositories;
    addRepository(store, { owner, name, branches: { main: { files: {} } } });
    save(saved, state);
    expect(stateOfRows(saved)).toEqual(state);
    expect(stateOfRows(saved).repositories.at(-1)).toMatchObject({ owner, name });
  });

  test('the commits of a removed repository are deleted', () => {
    const { state, saved } = example();
    const [removed] = state.repositories;
    state.repositories = state.repositories.slice(1);
    const deleted = namesOf(save(saved, state));
    expect(deleted).toContain(`delete repositories/${removed?.id}`);
    expect(deleted.filter((name) => name.startsWith(`delete commits/${removed?.id}/`))).toHaveLength(
      Object.keys(removed?.commits ?? {}).length,
    );
    expect(stateOfRows(saved)).toEqual(state);
  });
});
