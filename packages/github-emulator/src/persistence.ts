import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Delivery, State } from './state.ts';

const STATE = 'state.json';
/**
 * One delivery a line. They never change and are nearly all of the state: written whole each time, they would be the
 * work.
 */
const DELIVERIES = 'deliveries.jsonl';

/** Keeps the state in a directory. Calls that come while a write is under way share the next one. */
export interface StateFile {
  /** Resolves when everything up to this call is on disk. */
  save(): Promise<void>;
}

/** Null where none was kept yet. */
export async function readState(directory: string): Promise<State | null> {
  if (!existsSync(join(directory, STATE))) {
    return null;
  }
  try {
    const state: State = JSON.parse(await readFile(join(directory, STATE), 'utf8'));
    const lines = (await readFile(join(directory, DELIVERIES), 'utf8')).split('\n').slice(0, -1);
    // Lines come first: one that the state does not know of is half of a write that a crash cut off.
    const known = state.counters['delivery'] ?? 0;
    const deliveries = lines.map((line): Delivery => JSON.parse(line)).filter(({ id }) => id <= known);
    return { ...state, deliveries };
  } catch (error) {
    throw new Error(`The state in ${directory} cannot be read. Move the directory away to begin afresh.`, {
      cause: error,
    });
  }
}

export async function openStateFile(directory: string, state: () => State): Promise<StateFile> {
  await mkdir(directory, { recursive: true });
  const log = deliveryLog(join(directory, DELIVERIES));
  let writing: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | null = null;

  async function write(): Promise<void> {
    const { deliveries, ...rest } = state();
    const text = JSON.stringify(rest);
    await log.write(deliveries);
    await writeAtomically(join(directory, STATE), text);
  }

  return {
    save() {
      // A write that failed was its own callers' to hear of: the next one tries afresh.
      waiting ??= writing
        .catch(() => undefined)
        .then(() => {
          waiting = null;
          writing = write();
          return writing;
        });
      return waiting;
    },
  };
}

/** Adds what is new; written afresh the first time, after a failure, and where older ones are gone. */
function deliveryLog(path: string): { write(deliveries: readonly Delivery[]): Promise<void> } {
  let written: readonly Delivery[] | null = null;
  return {
    async write(deliveries) {
      const before = written;
      const isLonger =
        before !== null && before[0] === deliveries[0] && before.at(-1) === deliveries[before.length - 1];
      const all = [...deliveries];
      written = null;
      if (isLonger) {
        await append(path, asLines(all.slice(before.length)));
      } else {
        await writeAtomically(path, asLines(all));
      }
      written = all;
    },
  };
}

function asLines(deliveries: readonly Delivery[]): string {
  return deliveries.map((delivery) => `${JSON.stringify(delivery)}\n`).join('');
}

async function append(path: string, text: string): Promise<void> {
  if (text !== '') {
    await writeTo(path, 'a', text);
  }
}

/** A reader, or a start after a crash, sees the old file or the new one, never a part. */
async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  await writeTo(temporary, 'w', text);
  await rename(temporary, path);
}

async function writeTo(path: string, flags: 'a' | 'w', text: string): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
