import TestSequencer from '@jest/test-sequencer';
import { isEndToEnd } from './end-to-end-tests.mjs';

/**
 * Starts the end-to-end tests first. They take longest, however small their files are: one that started last would run alone
 * while the other workers have nothing left to do.
 */
export default class EndToEndFirst extends TestSequencer {
  sort(tests) {
    const { first = [], then = [] } = Object.groupBy(super.sort(tests), ({ path }) =>
      isEndToEnd(path) ? 'first' : 'then',
    );
    return [...first, ...then];
  }
}
