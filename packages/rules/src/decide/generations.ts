/** By route id, how often an operator has replayed the route with `dispatch-again`. Absent means 0. */
export type Generations = Readonly<Record<string, number>>;

/** Returns the generation of a route, which is part of its dispatch id. */
export function generationOf(generations: Generations, routeId: string): number {
  return Object.hasOwn(generations, routeId) ? (generations[routeId] ?? 0) : 0;
}
