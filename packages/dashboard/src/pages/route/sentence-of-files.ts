import type { Schemas } from '../../api/client.ts';

/** Returns what the files of both sides say about a route, as a sentence. @param edge null: the source does not request it */
export function sentenceOfFiles(
  { repository, state }: Pick<Schemas['GraphRepositoryResponse'], 'repository' | 'state'>,
  edge: Schemas['ConsentEdge'] | null,
): string {
  if (edge === null) {
    return state === 'valid'
      ? `${repository} does not request this route any more.`
      : `The dispatching.yml of ${repository} is ${state}, so it requests nothing.`;
  }
  const { target } = edge;
  const moved = target.renamedTo === undefined ? '' : ` ${target.repository} is ${target.renamedTo} now.`;
  if (edge.state === 'agreed')
    return `Both sides agree: ${repository} requests it, and ${target.repository} accepts it.`;
  return `Only requested: ${repository} requests it, and ${target.repository} does not accept it.${moved}`;
}
