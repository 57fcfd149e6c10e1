import { writeSync } from 'node:fs';

// Ends a test run with `N passed, N failed` alone on a line, whatever the default reporter's format becomes.
// A file that could not be run at all has no failed test of its own: it counts as one, or a broken import would pass.
export default class CountReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    // At the very end: jest prints its own summary after every reporter has been called.
    process.on('exit', () => writeSync(process.stdout.fd, `\n${line}\n`));
  }
}
