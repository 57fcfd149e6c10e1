import { rename, rm, writeFile } from 'node:fs/promises';

/** Writes a file that only its owner can read. It is renamed into place: no process reads half a file, or an old file's mode. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  await rm(`${file}.new`, { force: true });
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
