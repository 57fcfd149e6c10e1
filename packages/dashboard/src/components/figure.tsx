import { count, counted } from '../words/counts.ts';
import { useIsNarrow } from './use-media.ts';

interface FigureProps {
  readonly value: number;
  /** What is counted: `run`. On a narrow page, where a list has no headings, it follows the number. */
  readonly noun: string;
  readonly plural?: string;
}

/** A number in a list. */
export const Figure = ({ value, noun, plural }: FigureProps) =>
  useIsNarrow() ? counted(value, noun, plural) : count(value);
