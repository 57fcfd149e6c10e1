import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DirectoryInUseError } from '../aws/aws-endpoint.ts';
import { readRunningFile } from './running-file.ts';

const remedy = 'or set DISPATCHER_DATA_DIR to another directory.';

/**
 * Creates the data directory and its folder of logs, and checks that files can be written there.
 * @throws Error with a message for the user
 */
export async function prepareDataDirectory(dataDir: string, logDir: string): Promise<void> {
  try {
    // Messages, items and keys are in it, so no other user may enter it.
    await createDirectory(dataDir, 0o700);
    await createDirectory(logDir, 0o777);
    for (const directory of [dataDir, logDir]) await access(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw explainDataError(error, dataDir);
  }
}

/** Creates a directory with its parents. Node's own `recursive` retries without end where a parent admits no folders. */
async function createDirectory(directory: string, mode: number): Promise<void> {
  try {
    await mkdir(directory, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(directory)).isDirectory()) return;
    const parent = dirname(directory);
    if (code !== 'ENOENT' || parent === directory || (await isDirectory(parent))) throw error;
    await createDirectory(parent, mode);
    await mkdir(directory, { mode });
  }
}

function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it is a file',
  ENOENT: 'its parent directory admits no new folder',
  ENOSPC: 'no space is left on the device',
  ENOTDIR: 'a part of this path is a file',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
};

/** Returns an error for the user where the file system or the store of the data directory is the cause; else the error itself. */
export function explainDataError(error: unknown, dataDir: string): unknown {
  if (!(error instanceof Error)) return error;
  const { code = '', path = dataDir, cause } = error as NodeJS.ErrnoException & { cause?: { message?: string } };
  const reason = reasons[code];
  if (reason !== undefined) {
    const what = dataDir.startsWith(path) ? `the data directory ${dataDir}` : `${path} in the data directory`;
    return new Error(`Cannot write to ${what}: ${reason} (${code}). Make it writable, ${remedy}`, { cause: error });
  }
  if (code.startsWith('LEVEL_') || code.startsWith('ERR_SQLITE')) {
    const detail = cause?.message ?? error.message;
    const text = `Cannot open the stored messages and items in ${join(dataDir, 'aws')}: ${detail}.`;
    return new Error(`${text} Repair or delete this directory (its data is lost), ${remedy}`, { cause: error });
  }
  return error;
}

/** Returns what to do about a data directory that another process uses; names that process if it is a running system. */
export async function explainDirectoryInUse(cause: DirectoryInUseError, dataDir: string): Promise<Error> {
  const running = await readRunningFile(dataDir).catch(() => null);
  const holder =
    running === null
      ? `Another process uses the data directory ${dataDir}.`
      : `Dispatcher is already running at ${running.url} (process ${running.pid}), with the data directory ${dataDir}.`;
  const second = 'Stop it first, or set both PORT and DISPATCHER_DATA_DIR to other values to run a second one.';
  return new Error(`${holder} ${second}`, { cause });
}

/** Returns the directory of the logs. */
export function logDirOf(dataDir: string): string {
  return join(dataDir, 'logs');
}
