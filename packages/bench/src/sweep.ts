import { measureSweeps } from '@dispatcher/chaos/simulation';

/** Counts what a sweep costs; `npm run bench -- sweep 10000` is the default. @param repositories of one installation */
export async function benchSweep(repositories = 10_000): Promise<string> {
  const [first, again] = await measureSweeps(repositories);
  const rows = [
    ['REST requests', first.restRequests, again.restRequests],
    ['GraphQL requests', first.graphqlRequests, again.graphqlRequests],
    ['minutes at 5,000 points an hour', first.minutes, again.minutes],
    ['facts `config.observed`', first.facts, again.facts],
    ['write units in `state`', first.writeUnits, again.writeUnits],
  ] as const;
  return [
    `A sweep of ${repositories.toLocaleString('en')} repositories`,
    '',
    '| | first | without a change |',
    '| --- | --: | --: |',
    ...rows.map(([name, one, two]) => `| ${name} | ${one.toLocaleString('en')} | ${two.toLocaleString('en')} |`),
    '',
  ].join('\n');
}
