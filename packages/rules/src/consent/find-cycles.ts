/** A directed graph: the names that each name leads to. */
export type Successors = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Returns one shortest circle of each group of names that all lead to each other, sorted. Names that lead to themselves are
 * circles of one. Takes time proportional to the number of names and connections, besides the search within each group.
 */
export function findCycles(successors: Successors): string[][] {
  return groupsOf(successors)
    .filter((group) => group.length > 1 || successors.get(group[0] ?? '')?.has(group[0] ?? '') === true)
    .map((group) => cycleOf(group, successors))
    .sort((a, b) => (a.join() < b.join() ? -1 : 1));
}

interface Visit {
  readonly name: string;
  readonly rest: Iterator<string>;
}

/** Returns the strongly connected components, by Tarjan's algorithm, without recursion: a chain can be long. */
function groupsOf(successors: Successors): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const groups: string[][] = [];
  const enter = (name: string): Visit => {
    order.set(name, order.size);
    low.set(name, order.size - 1);
    open.push(name);
    isOpen.add(name);
    return { name, rest: (successors.get(name) ?? new Set<string>()).values() };
  };
  const lower = (name: string, to: number) => low.set(name, Math.min(low.get(name) ?? to, to));
  for (const start of [...successors.keys()].sort()) {
    if (order.has(start)) continue;
    const visits = [enter(start)];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const { name, rest } = visit;
      const next = rest.next();
      if (next.done !== true) {
        const known = order.get(next.value);
        if (known === undefined) visits.push(enter(next.value));
        else if (isOpen.has(next.value)) lower(name, known);
        continue;
      }
      visits.pop();
      const parent = visits.at(-1);
      if (parent !== undefined) lower(parent.name, low.get(name) ?? 0);
      if (low.get(name) !== order.get(name)) continue;
      const group = open.splice(open.lastIndexOf(name));
      for (const member of group) isOpen.delete(member);
      groups.push(group);
    }
  }
  return groups;
}

/** Returns the shortest circle through the first name of a group. */
function cycleOf(group: readonly string[], successors: Successors): string[] {
  const members = new Set(group);
  const start = [...group].sort()[0] ?? '';
  const from = new Map<string, string>();
  const queue = [start];
  for (const name of queue) {
    for (const next of successors.get(name) ?? []) {
      if (next === start) return pathTo(name, start, from);
      if (!members.has(next) || from.has(next)) continue;
      from.set(next, name);
      queue.push(next);
    }
  }
  return [start];
}

function pathTo(end: string, start: string, from: ReadonlyMap<string, string>): string[] {
  const path = [end];
  for (let name = end; name !== start; ) {
    name = from.get(name) ?? start;
    path.unshift(name);
  }
  return path;
}
