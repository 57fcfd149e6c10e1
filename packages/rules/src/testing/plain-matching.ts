import type { CompileCache } from '../compile/compile-snapshot.ts';
import { compileFile } from '../compile/compile-file.ts';
import type { DispatchingFile, RuleIndex } from '../compile/compiled-file.ts';

/** Returns an index that selects every rule, so that each is evaluated: the reference for the index of `compile`. */
export function selectEveryRule({ outbound, inbound }: Pick<DispatchingFile, 'outbound' | 'inbound'>): RuleIndex {
  const places = inbound.flatMap((rule) => rule.targets.map((target) => ({ rule, target })));
  return {
    outbound: { needs: [], representativeOf: (rule) => rule, candidates: () => [...outbound.keys()] },
    inbound: { candidates: () => places },
  };
}

/** Returns a cache that contains these valid files by blob id, each changed by `change`. */
export function cacheOf(
  texts: Readonly<Record<string, string>>,
  change: (file: DispatchingFile) => DispatchingFile = (file) => file,
): CompileCache {
  const files = new Map(
    Object.entries(texts).map(([blobId, text]) => {
      const compiled = compileFile(text);
      if (!compiled.ok) throw new Error(`The file ${blobId} is not valid: ${JSON.stringify(compiled.errors)}`);
      return [blobId, { ...compiled, file: change(compiled.file) }];
    }),
  );
  return { get: (blobId) => files.get(blobId), set: () => undefined };
}
