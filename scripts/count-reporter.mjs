import { writeSync } from 'node:fs';

// Prints `N passed, N failed` as the last line of a test run, independent of the format of jest's default reporter.
// A test file that does not load has no failed test, so it counts as one: otherwise a broken import would pass.
export default class CountReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    // On exit, because jest prints its summary after it has called all reporters.
    process.on('exit', () => writeSync(process.stdout.fd, `\n${line}\n`));
  }
}
