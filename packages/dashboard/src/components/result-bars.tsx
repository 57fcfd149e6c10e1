import { heightOfResult, type RouteResult, sentenceOfResults, stateOfResult } from '../words/route-results.ts';
import styles from './result-bars.module.css';

const barWidth = 5;
const gap = 2;

/** The newest results of a route as bars, the newest on the right. Kinds differ in color and in height. */
export function ResultBars({ results, max = 24 }: { readonly results: readonly RouteResult[]; readonly max?: number }) {
  const shown = results.slice(0, max).toReversed();
  const width = Math.max(1, shown.length) * (barWidth + gap) - gap;
  const sentence = sentenceOfResults(results.slice(0, max));
  return (
    <svg className={styles.bars} width={width} height={20} viewBox={`0 0 ${width} 20`} role="img" aria-label={sentence}>
      <title>{sentence}</title>
      {shown.map((result, index) => {
        const height = (20 * heightOfResult(result)) / 100;
        return (
          <rect
            key={`${result.time} ${index}`}
            className={styles[stateOfResult(result).tone] ?? styles.quiet}
            x={index * (barWidth + gap)}
            y={20 - height}
            width={barWidth}
            height={height}
            rx={1}
          />
        );
      })}
    </svg>
  );
}
