import { LRUCache } from 'lru-cache';
import type { CompileCache } from './compile-snapshot.ts';
import type { CompiledFile } from './compiled-file.ts';

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
