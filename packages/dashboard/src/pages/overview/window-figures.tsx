import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../api/client.ts';
import { type Bar, Bars } from '../../components/charts/bars.tsx';
import { ChartFigure } from '../../components/charts/figure.tsx';
import { count, share } from '../../words/counts.ts';
import { funnelOf, sentenceOfFunnel } from '../../words/funnel.ts';
import { type Outcome, stateOfConclusion, stateOfOutcome } from '../../words/states.ts';
import { duration } from '../../words/times.ts';
import type { Window } from './overview-queries.ts';
import styles from './overview.module.css';

type Summary = Schemas['SummaryResponse'];

const sinceOf: Readonly<Record<Window, string>> = { hour: '1h', day: '24h', week: '7d' };

/** How many runs and routes came how far, each number with a link to its list. */
export function FunnelChart({ summary, window }: { readonly summary: Summary; readonly window: Window }) {
  const funnel = funnelOf(summary);
  const since = sinceOf[window];
  const runs: readonly Bar[] = [
    {
      id: 'received',
      label: (
        <Link to="/runs" search={{ since }}>
          Received
        </Link>
      ),
      value: funnel.received,
      tone: 'accent',
    },
    {
      id: 'matched',
      label: (
        <Link to="/runs" search={{ since, outcome: 'planned' }}>
          With a matching rule
        </Link>
      ),
      value: funnel.matched,
      tone: 'accent',
      remark: share(funnel.matched, funnel.received),
    },
  ];
  const routes: readonly Bar[] = [
    { id: 'decided', label: <Link to="/routes">Routes decided</Link>, value: funnel.decided, tone: 'accent' },
    {
      id: 'allowed',
      label: 'Allowed',
      value: funnel.allowed,
      tone: 'accent',
      remark: share(funnel.allowed, funnel.decided),
    },
    {
      id: 'started',
      label: (
        <Link to="/dispatches" search={{ since }}>
          Started
        </Link>
      ),
      value: funnel.started,
      tone: 'accent',
      remark: share(funnel.started, funnel.allowed),
    },
    {
      id: 'succeeded',
      label: (
        <Link to="/dispatches" search={{ since, conclusion: 'success' }}>
          Succeeded
        </Link>
      ),
      value: funnel.succeeded,
      tone: 'success',
      remark: share(funnel.succeeded, funnel.started),
    },
  ];
  const table = {
    headers: ['Step', 'Number'],
    rows: [
      ['Runs received', funnel.received],
      ['Runs with a matching rule', funnel.matched],
      ['Routes decided', funnel.decided],
      ['Routes allowed', funnel.allowed],
      ['Started', funnel.started],
      ['Succeeded', funnel.succeeded],
    ] as const,
  };
  return (
    <ChartFigure title="From run to success" sentence={sentenceOfFunnel(funnel)} table={table}>
      <Bars label="Runs and routes by how far they came" bars={[...runs, ...routes]} />
    </ChartFigure>
  );
}

const columns = [
  ['decided', 'Decided'],
  ['accepted', 'Started'],
] as const;

const percentiles = ['p50', 'p95', 'p99'] as const;

const durationOrDash = (value: number | null): string => (value === null ? '–' : duration(value));

/** How long it took from the end of the source's run. */
export function LatencyBox({ latency }: Pick<Summary, 'latency'>) {
  return (
    <section className={styles.box} aria-label="Latency">
      <h2 className={styles.boxTitle}>Latency</h2>
      <p className={styles.remark}>From the end of the source’s run until its routes were decided and started.</p>
      <table className={styles.latency}>
        <thead>
          <tr>
            <th scope="col">Until</th>
            {columns.map(([name, title]) => (
              <th key={name} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {percentiles.map((percentile) => (
            <tr key={percentile}>
              <th scope="row">{percentile}</th>
              {columns.map(([name]) => (
                <td key={name}>{durationOrDash(latency[name][percentile])}</td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">Measured</th>
            {columns.map(([name]) => (
              <td key={name}>{count(latency[name].measured)}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </section>
  );
}

const entriesOf = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).sort(([, one], [, other]) => other - one);

/** Plans by outcome and refusals by code. */
export function Distribution({ summary, window }: { readonly summary: Summary; readonly window: Window }) {
  const since = sinceOf[window];
  const plans = entriesOf(summary.plans).map(([outcome, value]): Bar => {
    const { word, tone } = stateOfOutcome(outcome as Outcome);
    return {
      id: outcome,
      label: (
        <Link to="/runs" search={{ since, outcome }}>
          {word}
        </Link>
      ),
      value,
      tone,
    };
  });
  const refusals = entriesOf(summary.decisions)
    .filter(([code]) => code !== 'allowed')
    .map(
      ([code, value]): Bar => ({
        id: code,
        label: (
          <Link to="/routes" search={{ code }}>
            {code}
          </Link>
        ),
        value,
        tone: 'danger',
      }),
    );
  return (
    <>
      <BarBox title="Runs by result" bars={plans} empty="No run was planned." />
      <BarBox title="Refused routes by code" bars={refusals} empty="No route was refused." />
    </>
  );
}

/** Started runs by conclusion, and what could not be started. */
export function ConclusionBox({ summary, window }: { readonly summary: Summary; readonly window: Window }) {
  const since = sinceOf[window];
  const conclusions = entriesOf(summary.conclusions).map(([conclusion, value]): Bar => {
    const { word, tone } = stateOfConclusion(conclusion);
    const label = (
      <Link to="/dispatches" search={{ since, conclusion }}>
        {word}
      </Link>
    );
    return { id: conclusion, label, value, tone };
  });
  const failed = summary.dispatches['failed'] ?? 0;
  const results: readonly Bar[] =
    failed === 0
      ? conclusions
      : [
          ...conclusions,
          {
            id: 'not-started',
            label: (
              <Link to="/dispatches" search={{ since, state: 'failed' }}>
                Not started: failed
              </Link>
            ),
            value: failed,
            tone: 'danger',
          },
        ];
  return <BarBox title="Started runs by conclusion" bars={results} empty="No started run completed." />;
}

const maxBars = 8;

function BarBox({
  title,
  bars,
  empty,
}: {
  readonly title: string;
  readonly bars: readonly Bar[];
  readonly empty: string;
}) {
  return (
    <section className={styles.box} aria-label={title}>
      <h2 className={styles.boxTitle}>{title}</h2>
      {bars.length === 0 ? (
        <p className={styles.remark}>{empty}</p>
      ) : (
        <Bars label={title} bars={bars.slice(0, maxBars)} />
      )}
      {bars.length > maxBars ? <p className={styles.remark}>and {bars.length - maxBars} more</p> : null}
    </section>
  );
}
