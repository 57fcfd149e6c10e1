import type { CompileCache, CompiledFile } from '@dispatcher/rules';
import { LRUCache } from 'lru-cache';

/** Compiled files by git blob id: the same id is the same content, so nothing in here can be out of date. */
export function createCompileCache(files = 500): CompileCache {
  const cache = new LRUCache<string, CompiledFile>({ max: files });
  return {
    get: (blobId) => cache.get(blobId),
    set: (blobId, file) => {
      cache.set(blobId, file);
    },
  };
}
