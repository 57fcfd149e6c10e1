#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { runCommand } from './run-command.ts';

const { stdout, stderr } = process;

// The reader of a pipe may end first, as `head` does.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runCommand(process.argv.slice(2), {
  out: (text) => stdout.write(text),
  err: (text) => stderr.write(text),
  readFile: (path) => readFileSync(path),
  columns: stdout.isTTY ? stdout.columns : undefined,
  // Honours NO_COLOR and TERM=dumb.
  hasColors: stdout.isTTY && stdout.hasColors(),
});
