import type { CompileCache, CompiledFile } from '@dispatcher/rules';
import { LRUCache } from 'lru-cache';

/** Creates a cache of compiled files by Git blob id. A blob id identifies the content, so entries never go stale. */
export function createCompileCache(maxFiles = 500): CompileCache {
  const cache = new LRUCache<string, CompiledFile>({ max: maxFiles });
  return {
    get: (blobId) => cache.get(blobId),
    set: (blobId, file) => {
      cache.set(blobId, file);
    },
  };
}
