import { countsOf, type Decision, type Plan } from '@dispatcher/contracts';
import { Message } from '../../components/message.tsx';
import { CodeLabel, RouteName } from '../../components/route-name.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { nameOfResponsible, stateOfDecision, stateOfOutcome } from '../../words/states.ts';
import { CheckList } from '../run/check-list.tsx';
import styles from './try-it.module.css';

/** What the trigger would start, and why (not). */
export function DecisionView({
  plan,
  otherTargets,
  assumedWorkflows,
}: {
  readonly plan: Plan;
  readonly otherTargets: readonly string[];
  readonly assumedWorkflows: readonly string[];
}) {
  const { outcome, decisions, code, message, fix, checks, unmatched } = plan;
  return (
    <div className={styles.result}>
      <p className={styles.headline} role="status">
        <StateLabel state={stateOfOutcome(outcome, countsOf(decisions))} />
        {decisions.length > 0 ? null : <CodeLabel code={code} />}
      </p>
      {decisions.length > 0 ? null : (
        <>
          <p>
            <Message text={message} />
          </p>
          {fix === '' ? null : (
            <p className={styles.fix}>
              <Message text={fix} />
            </p>
          )}
          <CheckList checks={checks.filter(({ satisfied }) => !satisfied)} label="Failed checks" />
        </>
      )}
      {decisions.map((decision) => (
        <DecisionCard key={decision.routeId} decision={decision} />
      ))}
      {unmatched.map(({ rule, checks: failed }) => (
        <section key={rule} className={styles.card} aria-label={rule}>
          <p>
            <code>{rule}</code> does not match.
          </p>
          <CheckList checks={failed.filter(({ satisfied }) => !satisfied)} label={`Failed checks of ${rule}`} />
        </section>
      ))}
      {assumedWorkflows.length === 0 ? null : (
        <p className={styles.fix}>
          Assumes that {assumedWorkflows.length === 1 ? 'this workflow' : 'these workflows'} succeeded on the same
          commit: {assumedWorkflows.join(', ')}.
        </p>
      )}
      {otherTargets.length === 0 ? null : (
        <p className={styles.fix}>
          Only one target is tried. The source also names {otherTargets.join(', ')}, and this page has no file of{' '}
          {otherTargets.length === 1 ? 'it' : 'them'}.
        </p>
      )}
    </div>
  );
}

function DecisionCard({ decision }: { readonly decision: Decision }) {
  const { effect, route, code, message, fix, responsible, checks, ref, inputs, wouldRefuse = [] } = decision;
  const failed = checks.filter(({ satisfied }) => !satisfied);
  const satisfied = checks.filter((check) => check.satisfied);
  const entries = Object.entries(inputs);
  return (
    <section className={styles.card} aria-label="Decision">
      <p className={styles.headline}>
        <StateLabel state={stateOfDecision(decision)} />
        {effect === 'allow' ? null : <CodeLabel code={code} />}
      </p>
      <p>
        <RouteName route={{ source: route.source, target: route.target }} />
      </p>
      {effect === 'allow' ? (
        <p>
          It would start{ref === null ? '' : ` on ${ref}`}
          {entries.length === 0 ? '.' : ' with these inputs:'}
        </p>
      ) : (
        <>
          <p>
            <Message text={message} />
          </p>
          <p className={styles.fix}>
            {nameOfResponsible(responsible)}: <Message text={fix} />
          </p>
        </>
      )}
      {effect === 'allow' && entries.length > 0 ? (
        <dl className={styles.inputs}>
          {entries.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      {failed.length === 0 ? null : <CheckList checks={failed} label="Failed checks" />}
      {wouldRefuse.length === 0 ? null : (
        <>
          <p>A policy that is only evaluated would refuse it:</p>
          <CheckList checks={wouldRefuse} label="Failed checks of a policy that is only evaluated" />
        </>
      )}
      <details>
        <summary>Satisfied checks ({satisfied.length})</summary>
        <CheckList checks={satisfied} label="Satisfied checks" />
      </details>
    </section>
  );
}
