import type { Schemas } from '../api/schemas.ts';
import { titleOfAction } from './audit.ts';
import { workflowFile } from './names.ts';
import { nameOfRequester } from './requester.ts';
import type { Step } from './run-facts.ts';
import { subjectOf } from './run-history.ts';
import { stateOfDecision, stateOfDelivery, stateOfDispatch, stateOfOutcome } from './states.ts';

/** Returns the run or the request that was planned. */
function runOf(line: Extract<Schemas['FactLine'], { type: 'run.planned' }>) {
  const { repository, workflow, branch, target } = line;
  if (repository === null) return `Request of ${nameOfRequester(line)} for ${target ?? ''}`;
  return `${repository} ${workflowFile(workflow ?? '')}${branch === null ? '' : ` on ${branch}`}`;
}

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
    case 'dispatch.failed': {
      const text = `${subjectOf(line.route.target)}: ${line.message ?? line.code}`;
      return { state: stateOfDispatch('failed'), text, url: null };
    }
    case 'dispatch.completed': {
      const text = `The run of ${subjectOf(line.route.target)} completed`;
      return { state: stateOfDispatch('completed', line.conclusion), text, url: line.targetRunUrl };
    }
    case 'run.planned':
      return { state: stateOfOutcome(line.outcome, line), text: runOf(line), url: line.runUrl };
    case 'run.delayed':
      return {
        state: stateOfDelivery('delayed'),
        text: `${line.repository ?? 'A request'} waits for GitHub`,
        url: null,
      };
    case 'delivery.repeated':
      return { state: stateOfDelivery('repeated'), text: `${line.repository} ${line.workflow}`, url: null };
    case 'delivery.ignored':
      return { state: stateOfDelivery('ignored'), text: `A run of ${line.repository}`, url: line.runUrl };
    case 'message.dead-lettered':
      return { state: stateOfDelivery('dead-lettered'), text: `Queue ${line.queue}: ${line.reason}`, url: null };
    default: {
      const text = line.reason === '' ? `by ${line.operator}` : `by ${line.operator}: ${line.reason}`;
      return { state: { icon: 'dot', tone: 'quiet', word: titleOfAction(line.action) }, text, url: null };
    }
  }
}
