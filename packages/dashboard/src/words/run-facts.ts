import { counted } from './counts.ts';
import { type HistoryFact, type Revision, startOf, subjectOf, type Trigger } from './run-history.ts';
import { type State, stateOfConclusion, stateOfDecision, stateOfDispatch, stateOfOutcome } from './states.ts';
import { duration } from './times.ts';

export interface Step {
  readonly state: State;
  readonly text: string;
  readonly url: string | null;
}

const step = (state: State, text: string, url: string | null = null): Step => ({ state, text, url });
const neutral = (word: string): State => ({ icon: 'dot', tone: 'quiet', word });

const issueWords: Readonly<Record<string, string>> = {
  opened: 'An issue was opened',
  updated: 'The issue was updated',
  noted: 'A comment was added to the issue',
  closed: 'The issue was closed',
  skipped: 'No issue was needed',
  unavailable: 'No issue could be opened',
};

const modeWords: Readonly<Record<string, string>> = {
  'as-recorded': 'as recorded',
  're-evaluate': 'with the files of now',
  'dispatch-again': 'by dispatching again',
};

const confirmedName = ({ side, source, target }: { side: string; source: string; target: string }) =>
  side === 'policy' ? `that ${source} has no policy` : `the repository ${side === 'target' ? target : source}`;

/** Returns one line of a run's history for a fact. */
export function stepOf(fact: HistoryFact): Step {
  switch (fact.type) {
    case 'run.planned':
      return step(stateOfOutcome(fact.data.outcome, fact.data), fact.data.message);
    case 'route.decided': {
      const { route, message } = fact.data.decision;
      return step(stateOfDecision(fact.data.decision), `${subjectOf(route.target)}: ${message}`);
    }
    case 'dispatch.accepted':
      return step(
        { icon: 'check', tone: 'success', word: 'Dispatched' },
        `GitHub ${fact.data.code === undefined ? 'accepted' : 'may have accepted'} the dispatch of ${subjectOf(fact.data.route.target)} on ${fact.data.ref}, ${duration(fact.data.latencyMs)} after the trigger`,
        fact.data.htmlUrl,
      );
    case 'dispatch.failed':
      return step(stateOfDispatch('failed'), `${subjectOf(fact.data.route.target)}: ${fact.data.message}`);
    case 'dispatch.completed': {
      const { conclusion, durationMs, route, targetRunUrl } = fact.data;
      const took = durationMs === null ? '' : ` after ${duration(durationMs)}`;
      return step(
        stateOfDispatch('completed', conclusion),
        `The run of ${subjectOf(route.target)} completed${took}`,
        targetRunUrl,
      );
    }
    case 'run.delayed':
      return step({ icon: 'clock', tone: 'attention', word: 'Waiting for GitHub' }, fact.data.message);
    case 'delivery.repeated':
      return step(
        { icon: 'skip', tone: 'quiet', word: 'Delivered again' },
        'GitHub delivered the run again; nothing was done twice',
      );
    case 'delivery.ignored':
      return step({ icon: 'skip', tone: 'quiet', word: 'Ignored' }, fact.data.message);
    case 'issue.reported':
    case 'plan.reported':
      return step(
        neutral('Reported'),
        `${issueWords[fact.data.action] ?? 'An issue was changed'} in ${fact.data.repository}`,
        fact.data.htmlUrl,
      );
    case 'message.dead-lettered':
      return step(
        { icon: 'dead-letter', tone: 'danger', word: 'Dead letter' },
        `A message of the queue ${fact.data.queue}, after ${counted(fact.data.attempts, 'attempt')}: ${fact.data.detail}`,
      );
    case 'operator.acted':
      return step(
        neutral(fact.data.result === 'dry-run' ? 'Dry run' : 'Replayed'),
        `${fact.data.operator} ${fact.data.result === 'dry-run' ? 'tried to replay' : 'replayed'} the run ${modeWords[fact.data.action] ?? fact.data.action}: ${fact.data.reason}`,
      );
    case 'repository.confirmed':
      return step(
        neutral('Confirmed'),
        `${fact.data.operator} confirmed ${confirmedName(fact.data)}: ${fact.data.reason}`,
      );
    default:
      return step(neutral(fact.type), fact.type);
  }
}

export interface Entry extends Step {
  readonly id: string;
  readonly time: string;
  /** Milliseconds since the entry before; null for the first one, and where it is not later than that. */
  readonly tookMs: number | null;
}

/** Returns everything that is recorded about a revision, oldest first: what triggered it, and a line for each fact. */
export function entriesOf({ revision, facts }: Revision, trigger: Trigger | null): readonly Entry[] {
  // A later revision repeats what triggered the first one.
  const before = trigger === null || revision > 0 ? [] : entriesOfTrigger(trigger);
  return [...before, ...facts.flatMap(entriesOfFact)].map((entry, index, all) => {
    const previous = all[index - 1];
    const tookMs = previous === undefined ? 0 : Date.parse(entry.time) - Date.parse(previous.time);
    return { ...entry, tookMs: tookMs > 0 ? tookMs : null };
  });
}

type UntimedEntry = Omit<Entry, 'tookMs'>;

function entriesOfTrigger(trigger: Trigger): readonly UntimedEntry[] {
  const { receivedAt } = trigger;
  if (trigger.type === 'dispatch.requested') {
    return [{ id: 'received', time: receivedAt, ...step(neutral('Received'), 'The request was received') }];
  }
  const { attempt, number, conclusion, htmlUrl, updatedAt } = trigger.run;
  const received = { id: 'received', time: receivedAt };
  if (trigger.type === 'job.requested') {
    const text = `The request of a job of run #${number} was received`;
    return [{ ...received, ...step(neutral('Received'), text, htmlUrl) }];
  }
  const ended = `Run #${number} ended${attempt > 1 ? ` with attempt ${attempt}` : ''}`;
  return [
    { id: 'run', time: updatedAt, ...step(stateOfConclusion(conclusion), ended, htmlUrl) },
    { ...received, ...step(neutral('Received'), 'GitHub delivered the run') },
  ];
}

/** A completed run also says when it had started. */
function entriesOfFact(fact: HistoryFact): readonly UntimedEntry[] {
  const entry = { id: fact.id, time: fact.time, ...stepOf(fact) };
  const startedAt = fact.type === 'dispatch.completed' ? startOf(fact) : null;
  if (fact.type !== 'dispatch.completed' || startedAt === null) return [entry];
  const text = `The run of ${subjectOf(fact.data.route.target)} started`;
  return [{ id: `${fact.id} start`, time: startedAt, ...step(stateOfDispatch('accepted'), text) }, entry];
}
