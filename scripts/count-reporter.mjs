import { writeSync } from 'node:fs';

// Ends a test run with a line `N passed, N failed`, independent of the default reporter's format. A file that could not
// run has no failed tests, so it counts as one failure. Without this a broken import would pass.
export default class CountReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    // On exit, because jest prints its summary after it called the reporters.
    process.on('exit', () => writeSync(process.stdout.fd, `\n${line}\n`));
  }
}
