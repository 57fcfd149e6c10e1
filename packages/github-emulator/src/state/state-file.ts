import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { State } from './entities.ts';
import { applyChanges, changesOfRows, changesSince, type RowChange, stateOfRows, type Tables } from './state-rows.ts';

/**
 * The file is a journal. Its first line names the format; each further line is a JSON array of changes that were saved
 * together.
 */
const JOURNAL_FILE = 'state.jsonl';
const HEADER = JSON.stringify({ format: 'github-emulator-state', version: 1 });
/** The file of the format before the journal. */
const FORMER_FILE = 'state.json';

/**
 * The journal is rewritten, with one change for each row, when it has grown by this and by its own size: so rewriting
 * writes at most as much as the changes did.
 */
const MIN_GROWTH_BYTES = 1024 * 1024;
const ROWS_PER_LINE = 100;

/**
 * Writes the state to a directory. Every line is on disk (`fdatasync`) before `save` resolves. A rewritten journal is on
 * disk (`fsync` of the file) before it replaces the old one by a rename, which is on disk (`fsync` of the directory)
 * before the next line is appended. A stop at any point, also of the computer, leaves the old or the new journal, and at
 * most its last line is cut off; the next start ignores that line.
 */
export interface StateFile {
  /** The state at the last stop; null when there is none. */
  readonly stored: State | null;
  /**
   * Resolves when the state at the time of the call is on disk. Calls during a write share the next one.
   *
   * A write that fails, for example on a full disk, is logged and does not reject: the emulator keeps serving from
   * memory. The next call tries again, and so does a timer.
   */
  save(state: () => State): Promise<void>;
  /** Writes the state and closes the file. @throws Error when it cannot be written */
  close(state: () => State): Promise<void>;
}

/**
 * Opens the state in a directory.
 * @throws Error with instructions when there is a state that cannot be read
 */
export async function openStateFile(
  directory: string,
  { retryMs = 5_000 }: { readonly retryMs?: number } = {},
): Promise<StateFile> {
  await mkdir(directory, { recursive: true });
  const { tables, validBytes } = await readJournal(directory);
  const journal = new Journal(join(directory, JOURNAL_FILE), tables, validBytes);
  let writing: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | null = null;
  let failedAt: string | null = null;
  let retry: NodeJS.Timeout | undefined;

  async function write(state: () => State): Promise<void> {
    try {
      await journal.write(state());
      if (failedAt !== null) {
        console.error(`The GitHub emulator writes its state to ${directory} again. Nothing is lost.`);
        failedAt = null;
      }
    } catch (error) {
      if (failedAt === null) {
        failedAt = new Date().toISOString();
        console.error(
          `The GitHub emulator cannot write its state to ${directory}: ${messageOf(error)} It keeps serving from memory; a stop now loses all changes since ${failedAt}. Free some space: it tries again at every change and every ${retryMs / 1000} seconds.`,
        );
      }
      clearTimeout(retry);
      retry = setTimeout(() => void save(state), retryMs).unref();
    }
  }

  function save(state: () => State): Promise<void> {
    waiting ??= writing.then(() => {
      waiting = null;
      writing = write(state);
      return writing;
    });
    return waiting;
  }

  return {
    stored: tables.size === 0 ? null : stateOfRows(tables),
    save,
    async close(state) {
      await save(state);
      clearTimeout(retry);
      await journal.close();
      if (failedAt !== null) {
        throw new Error(`The state in ${directory} lacks all changes since ${failedAt}: it could not be written.`);
      }
    },
  };
}

interface StoredJournal {
  readonly tables: Tables;
  /** Length of the journal without a last line that was cut off. */
  readonly validBytes: number;
}

async function readJournal(directory: string): Promise<StoredJournal> {
  const path = join(directory, JOURNAL_FILE);
  const tables: Tables = new Map();
  try {
    if (!existsSync(path)) {
      if (existsSync(join(directory, FORMER_FILE))) {
        throw new Error(`${FORMER_FILE} has a format that this version does not read.`);
      }
      return { tables, validBytes: 0 };
    }
    const bytes = await readFile(path);
    const lines = completeLines(bytes);
    const header = bytes.subarray(lines[0]?.from, lines[0]?.to).toString('utf8');
    if (header !== HEADER) {
      throw new Error(`${JOURNAL_FILE} begins with "${header.slice(0, 100)}" instead of ${HEADER}.`);
    }
    for (const line of lines.slice(1)) {
      const changes = parseLine(bytes.subarray(line.from, line.to));
      if (changes !== null) {
        applyChanges(tables, changes);
      } else if (line === lines.at(-1)) {
        // After a power failure, parts of a line that was not yet on disk can be missing. Nothing waited for it.
        return { tables, validBytes: line.from };
      } else {
        throw new Error(`${JOURNAL_FILE} is damaged at byte ${line.from}.`);
      }
    }
    return { tables, validBytes: (lines.at(-1)?.to ?? 0) + 1 };
  } catch (error) {
    throw new Error(`The state in ${directory} cannot be read. Move the directory away to start with an empty state.`, {
      cause: error,
    });
  }
}

/** Returns where the lines are that end with a line feed. */
function completeLines(bytes: Buffer): { readonly from: number; readonly to: number }[] {
  const lines = [];
  for (let from = 0, to = bytes.indexOf('\n'); to >= 0; from = to + 1, to = bytes.indexOf('\n', from)) {
    lines.push({ from, to });
  }
  return lines;
}

function parseLine(line: Buffer): RowChange[] | null {
  try {
    return JSON.parse(line.toString('utf8')) as RowChange[];
  } catch {
    return null;
  }
}

/** The file and the rows that it contains. One write at a time. */
class Journal {
  readonly #path: string;
  readonly #saved: Tables;
  #file: FileHandle | null = null;
  /** Length of the complete lines. Bytes behind them are part of a line that could not be written. */
  #bytes: number;
  #bytesWhenRewritten: number;

  constructor(path: string, saved: Tables, validBytes: number) {
    this.#path = path;
    this.#saved = saved;
    this.#bytes = validBytes;
    this.#bytesWhenRewritten = validBytes;
  }

  /** Writes the difference to what the file contains. After a failure the file contains what it did before. */
  async write(state: State): Promise<void> {
    const changes = changesSince(this.#saved, state);
    if (changes.length === 0) {
      return;
    }
    if (this.#bytes === 0) {
      const tables: Tables = new Map();
      applyChanges(tables, changes);
      await this.#rewrite(tables);
    } else {
      await this.#append(`${JSON.stringify(changes)}\n`);
    }
    applyChanges(this.#saved, changes);
    const growth = this.#bytes - this.#bytesWhenRewritten;
    if (growth > Math.max(MIN_GROWTH_BYTES, this.#bytesWhenRewritten)) {
      await this.#shorten();
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  async #append(line: string): Promise<void> {
    this.#file ??= await open(this.#path, 'r+');
    const bytes = Buffer.from(line);
    await this.#file.truncate(this.#bytes);
    await writeAll(this.#file, bytes, this.#bytes);
    await this.#file.datasync();
    this.#bytes += bytes.length;
  }

  /** Rewrites the journal. If there is no space for a second file, the journal stays and grows further. */
  async #shorten(): Promise<void> {
    try {
      await this.#rewrite(this.#saved);
    } catch {
      this.#bytesWhenRewritten = this.#bytes;
    }
  }

  async #rewrite(tables: Tables): Promise<void> {
    const temporary = `${this.#path}.new`;
    const file = await open(temporary, 'w');
    let position = 0;
    try {
      for (const line of linesOf(tables)) {
        const bytes = Buffer.from(line);
        await writeAll(file, bytes, position);
        position += bytes.length;
      }
      await file.sync();
      await rename(temporary, this.#path);
    } catch (error) {
      await file.close();
      await rm(temporary, { force: true });
      throw error;
    }
    await this.#file?.close();
    this.#file = file;
    this.#bytes = position;
    this.#bytesWhenRewritten = position;
    await syncDirectory(dirname(this.#path));
  }
}

function* linesOf(tables: Tables): Generator<string> {
  yield `${HEADER}\n`;
  let rows: RowChange[] = [];
  for (const change of changesOfRows(tables)) {
    rows.push(change);
    if (rows.length === ROWS_PER_LINE) {
      yield `${JSON.stringify(rows)}\n`;
      rows = [];
    }
  }
  yield `${JSON.stringify(rows)}\n`;
}

/** Writes all bytes: one call may write only a part of them, for example the part that still fits on the disk. */
async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function messageOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' ? 'no space is left on the disk (ENOSPC).' : `${message}.`;
}
