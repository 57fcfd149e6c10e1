import type { Schemas } from '../api/schemas.ts';
import type { Step } from './run-facts.ts';
import { subjectOf } from './run-history.ts';
import { stateOfDecision, stateOfDispatch } from './states.ts';

/** Returns what a list says about a fact. The whole fact is in the history of its run. */
export function stepOfLine(line: Schemas['FactLine']): Step {
  switch (line.type) {
    case 'route.decided':
      return { state: stateOfDecision(line), text: `${subjectOf(line.route.target)}: ${line.code}`, url: null };
    case 'dispatch.accepted': {
      const state = stateOfDispatch(line.targetRunUrl === null ? 'accepted-unverified' : 'accepted');
      const text = `GitHub accepted the dispatch of ${subjectOf(line.route.target)}`;
      return { state, text, url: line.targetRunUrl };
    }
    case 'dispatch.failed':
      return { state: stateOfDispatch('failed'), text: `${subjectOf(line.route.target)}: ${line.code}`, url: null };
    case 'dispatch.completed': {
      const text = `The run of ${subjectOf(line.route.target)} completed`;
      return { state: stateOfDispatch('completed', line.conclusion), text, url: line.targetRunUrl };
    }
    default:
      return { state: { icon: 'dot', tone: 'quiet', word: line.type }, text: line.type, url: null };
  }
}
