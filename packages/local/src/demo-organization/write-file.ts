import { type DemoRoute, ownerOf } from './demo-routes.ts';

/** Writes the `dispatching.yml` of a repository from the routes. Returns null if it takes part in none. */
export function dispatchingFile(name: string, routes: readonly DemoRoute[]): string | null {
  const outbound = group(
    routes.filter(({ source, agreement }) => source === name && agreement !== 'offered'),
    ({ workflow, branches, tags }) => `workflow: ${workflow}${list('branches', branches)}${list('tags', tags)}`,
  );
  const inbound = group(
    routes.filter(({ target, agreement }) => target === name && agreement !== 'requested'),
    ({ source, workflow, branches, tags }) =>
      `repository: ${nameFor(source, name)}, workflow: ${workflow}${list('branches', branches)}${list('tags', tags)}`,
  );
  if (outbound.size === 0 && inbound.size === 0) return null;
  return [
    ...section('outbound', outbound, (one) => {
      const inputs = Object.entries(one.inputs ?? {}).map(([key, value]) => `${key}: '${value}'`);
      const id = one.id === undefined ? '' : `, id: ${one.id}`;
      const passed = inputs.length === 0 ? '' : `, inputs: { ${inputs.join(', ')} }`;
      return `repository: ${nameFor(one.target, name)}, workflow: ${one.targetWorkflow}${id}${passed}`;
    }),
    ...section('inbound', inbound, ({ targetWorkflow, inputs }) => {
      const accepted = Object.keys(inputs ?? {});
      return `workflow: ${targetWorkflow}${accepted.length === 0 ? '' : `, inputs: [${accepted.join(', ')}]`}`;
    }),
  ].join('\n');
}

/** A bare name means the owner of the file. */
function nameFor(name: string, at: string): string {
  return ownerOf(name) === ownerOf(at) ? name : `${ownerOf(name)}/${name}`;
}

const list = (name: string, values: readonly string[] | undefined): string =>
  values === undefined ? '' : `, ${name}: [${values.map((value) => `'${value}'`).join(', ')}]`;

function group(
  routes: readonly DemoRoute[],
  keyOf: (route: DemoRoute) => string,
): ReadonlyMap<string, readonly DemoRoute[]> {
  const groups = new Map<string, DemoRoute[]>();
  for (const route of routes) {
    const key = keyOf(route);
    groups.set(key, [...(groups.get(key) ?? []), route]);
  }
  return groups;
}

function section(
  title: string,
  groups: ReadonlyMap<string, readonly DemoRoute[]>,
  write: (route: DemoRoute) => string,
): string[] {
  if (groups.size === 0) return [];
  const rules = [...groups].map(([source, targets]) => {
    const lines = [...new Set(targets.map((target) => `      - { ${write(target)} }\n`))];
    return `  - source: { ${source} }\n    targets:\n${lines.join('')}`;
  });
  return [`${title}:\n${rules.join('')}`];
}
