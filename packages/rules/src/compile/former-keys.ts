import { quote } from '../values/problem.ts';

/** Returns what to write instead of a key; `map` is the map that contains it. */
type Replacement = (map: Readonly<Record<string, unknown>>) => string;

const ownRepository: Replacement = () => 'remove it: it is always this repository';
const repositoryId: Replacement = () => 'write `repository-id:` for the id of the repository';
const inputs: Replacement = () => 'write `inputs:` instead';
const conditions: Replacement = () => 'write `branches:`, `events:` and `conclusions:` directly under `source:`';

function owner({ owner, repository }: Readonly<Record<string, unknown>>): string {
  const isKnown = typeof owner === 'string' && typeof repository === 'string' && !repository.includes('/');
  return `remove it, and write the owner before the name: \`repository: ${isKnown ? quote(`${owner}/${repository}`) : 'owner/name'}\``;
}

/** Keys of older formats of the file, by the place of the map that contains them. */
const formerKeys: Readonly<Record<string, Readonly<Record<string, Replacement>>>> = {
  'outbound.*': { conditions },
  'outbound.*.source': { repository: ownRepository, owner: ownRepository, conditions },
  'outbound.*.targets.*': { owner, conditions },
  'inbound.*': { conditions },
  'inbound.*.source': { owner, conditions, id: repositoryId },
  'inbound.*.targets.*': {
    accept_inputs: inputs,
    'accept-inputs': inputs,
    repository: ownRepository,
    owner: ownRepository,
    conditions,
  },
};

/** Returns what to write instead of a key that an older format of the file had, or null. */
export function replacementOfKey(place: string, key: string, map: unknown): string | null {
  const known = Object.hasOwn(formerKeys, place) ? (formerKeys[place] ?? {}) : {};
  if (!Object.hasOwn(known, key) || typeof map !== 'object' || map === null) return null;
  return known[key]?.({ ...map }) ?? null;
}
