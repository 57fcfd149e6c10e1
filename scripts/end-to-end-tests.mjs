import { readFileSync } from 'node:fs';

const startsProcesses = [
  /\b(?:spawn|fork|execFile)\b[^;]* from 'node:child_process'/,
  /\b(?:startSystem|runExperiment)\(/,
];

/**
 * Returns whether a test file is an end-to-end test: it is in end-to-end/, live/ or simulation/, or starts processes or the
 * whole system.
 */
export function isEndToEnd(file) {
  if (/\/(?:end-to-end|live|simulation)\//.test(file)) return true;
  const text = readFileSync(file, 'utf8');
  return startsProcesses.some((pattern) => pattern.test(text));
}
