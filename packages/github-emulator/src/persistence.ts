import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { State } from './state.ts';

const FILE = 'state.json';

/** Keeps the state in one file. Calls that come while a write is under way share the next one. */
export interface StateFile {
  /** Resolves when everything up to this call is on disk. */
  save(): Promise<void>;
}

/** Null where none was kept yet. */
export async function readState(directory: string): Promise<State | null> {
  const path = join(directory, FILE);
  if (!existsSync(path)) {
    return null;
  }
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(`The state in ${directory} cannot be read. Move the directory away to begin afresh.`, {
      cause: error,
    });
  }
}

export async function openStateFile(directory: string, state: () => State): Promise<StateFile> {
  await mkdir(directory, { recursive: true });
  let writing: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | null = null;
  return {
    save() {
      // A write that failed was its own callers' to hear of: the next one tries afresh.
      waiting ??= writing
        .catch(() => undefined)
        .then(() => {
          waiting = null;
          writing = writeAtomically(join(directory, FILE), JSON.stringify(state()));
          return writing;
        });
      return waiting;
    },
  };
}

/** A reader, or a start after a crash, sees the old file or the new one, never a part. */
async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
