import {
  ConfigurationError,
  findFormerVariables,
  findMisspelledVariables,
  guardRailVariables,
  readConfiguration,
} from '@dispatcher/lambda';
import * as z from 'zod/mini';
import type { Values } from '../context/env-file.ts';
import { type Finding, note, ok, problem } from '../finding.ts';

const check = 'variables';

/**
 * Checks names and values of the variables that doctor itself was given: the functions refuse the same ones at their start.
 * @param known the names in .env.example
 */
export function checkVariables(set: Values, known: readonly string[]): Finding[] {
  const former = findFormerVariables(set).map((sentence) => {
    const [message = sentence, remedy = ''] = sentence.split(/(?<=\.) /);
    return problem(check, message, remedy);
  });
  const invalid = findInvalidGuardRails(set).map((message) => problem(check, message, 'Correct it.'));
  const misspelled = findMisspelledVariables(set, known).map((sentence) => note(check, sentence));
  const findings = [...former, ...invalid, ...misspelled];
  return findings.length > 0 ? findings : [ok(check, 'no variable is misspelled, invalid or of an earlier version')];
}

function findInvalidGuardRails(set: Values): readonly string[] {
  return Object.entries(guardRailVariables).flatMap(([name, schema]) => {
    try {
      readConfiguration(z.object({ [name]: schema }), { [name]: set[name] });
      return [];
    } catch (error) {
      if (error instanceof ConfigurationError) return [error.message];
      throw error;
    }
  });
}
