import { type KeyboardEvent, useState } from 'react';
import { timeZone } from '../../preferences/time-zone.ts';
import { dayAndHour, exactTime } from '../../words/times.ts';
import { axisEnd, heightOf, sentenceOfTrend, stackOf, type TrendHour } from '../../words/trend.ts';
import { ChartFigure } from './figure.tsx';
import styles from './trend.module.css';

const parts = [
  ['succeeded', 'Succeeded'],
  ['started', 'Started'],
  ['failed', 'Failed'],
  ['refused', 'Refused'],
] as const;

/** The last 48 hours as columns, hour by hour. The pointer or the arrow keys choose an hour, whose numbers are shown. */
export function TrendChart({ hours }: { readonly hours: readonly TrendHour[] }) {
  const zone = timeZone.use();
  const [chosen, setChosen] = useState<number | null>(null);
  const stacks = hours.map(stackOf);
  const end = axisEnd(Math.max(...stacks.map(heightOf)));
  const [first, last] = [hours[0], hours.at(-1)];
  const table = {
    headers: ['Hour', 'Deliveries', ...parts.map(([, title]) => title)],
    rows: hours.map(
      ({ hour, deliveries }, index) =>
        [exactTime(hour, zone), deliveries, ...parts.map(([part]) => stacks[index]![part])] as const,
    ),
  };
  const move = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setChosen(Math.min(hours.length - 1, Math.max(0, (chosen ?? hours.length) + step)));
  };
  return (
    <ChartFigure title="Last 48 hours" sentence={sentenceOfTrend(hours)} table={table}>
      <div className={styles.chart}>
        <div className={styles.plot}>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
          <svg
            className={styles.svg}
            viewBox={`0 0 ${hours.length * 10} 100`}
            preserveAspectRatio="none"
            role="img"
            aria-label={sentenceOfTrend(hours)}
            // The arrow keys read the chart hour by hour.
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            onKeyDown={move}
            onMouseLeave={() => setChosen(null)}
            onBlur={() => setChosen(null)}
          >
            <line className={styles.grid} x1="0" x2={hours.length * 10} y1="50" y2="50" />
            <line className={styles.grid} x1="0" x2={hours.length * 10} y1="0" y2="0" />
            {stacks.map((stack, index) => {
              let bottom = 100;
              return (
                <g key={hours[index]!.hour} onMouseEnter={() => setChosen(index)}>
                  <rect
                    className={styles.hit}
                    data-chosen={chosen === index}
                    x={index * 10}
                    y={0}
                    width={10}
                    height={100}
                  />
                  {parts.map(([part]) => {
                    const height = (100 * stack[part]) / end;
                    bottom -= height;
                    return (
                      <rect
                        key={part}
                        className={styles[part]}
                        x={index * 10 + 1.5}
                        y={bottom}
                        width={7}
                        height={height}
                      />
                    );
                  })}
                </g>
              );
            })}
          </svg>
          <span className={styles.max}>{end}</span>
        </div>
        <div className={styles.axis} aria-hidden="true">
          <span>{first === undefined ? '' : dayAndHour(first.hour, zone)}</span>
          <span>{last === undefined ? '' : dayAndHour(last.hour, zone)}</span>
        </div>
        <div className={styles.legend} aria-live="polite">
          {parts.map(([part, title]) => (
            <span key={part} className={styles.key}>
              <svg viewBox="0 0 10 10" aria-hidden="true">
                <rect className={styles[part]} width="10" height="10" rx="2" />
              </svg>
              {title}
              {chosen === null ? null : <strong>{stacks[chosen]?.[part]}</strong>}
            </span>
          ))}
          {chosen === null ? null : (
            <span className={styles.hour}>
              {exactTime(hours[chosen]?.hour ?? '', zone)}, {hours[chosen]?.deliveries} deliveries
            </span>
          )}
        </div>
      </div>
    </ChartFigure>
  );
}
