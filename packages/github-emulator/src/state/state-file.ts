import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Delivery, State } from './entities.ts';

const STATE_FILE = 'state.json';
/**
 * One delivery per line, appended. Deliveries never change and are most of the state, so rewriting them at each save
 * would be slow.
 */
const DELIVERIES_FILE = 'deliveries.jsonl';

/** Writes the state to a directory. Calls during a write share the next write. */
export interface StateFile {
  /** Resolves when the state at the time of the call is on disk. */
  save(): Promise<void>;
}

/** Returns the state in a directory, null when there is none. */
export async function readState(directory: string): Promise<State | null> {
  if (!existsSync(join(directory, STATE_FILE))) {
    return null;
  }
  try {
    const state: State = JSON.parse(await readFile(join(directory, STATE_FILE), 'utf8'));
    const lines = (await readFile(join(directory, DELIVERIES_FILE), 'utf8')).split('\n').slice(0, -1);
    // Deliveries are written before the state. After a crash between the two, the state does not know the last lines.
    const known = state.counters['delivery'] ?? 0;
    const deliveries = lines.map((line): Delivery => JSON.parse(line)).filter(({ id }) => id <= known);
    return { ...state, deliveries };
  } catch (error) {
    throw new Error(`The state in ${directory} cannot be read. Move the directory away to start with an empty state.`, {
      cause: error,
    });
  }
}

export async function openStateFile(directory: string, state: () => State): Promise<StateFile> {
  await mkdir(directory, { recursive: true });
  const log = deliveryLog(join(directory, DELIVERIES_FILE));
  let writing: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | null = null;

  async function write(): Promise<void> {
    const { deliveries, ...rest } = state();
    const text = JSON.stringify(rest);
    await log.write(deliveries);
    await writeAtomically(join(directory, STATE_FILE), text);
  }

  return {
    save() {
      // The callers of a failed write have got its error. The next write starts over.
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

/**
 * Appends new deliveries. Rewrites the file at the first write, after a failure, and when old deliveries were deleted.
 */
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
        await append(path, toLines(all.slice(before.length)));
      } else {
        await writeAtomically(path, toLines(all));
      }
      written = all;
    },
  };
}

function toLines(deliveries: readonly Delivery[]): string {
  return deliveries.map((delivery) => `${JSON.stringify(delivery)}\n`).join('');
}

async function append(path: string, text: string): Promise<void> {
  if (text !== '') {
    await writeTo(path, 'a', text);
  }
}

/** Replaces the file in one step, so that a start after a crash reads the old or the new content, never a part. */
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
