import {
  AlertIcon,
  BlockedIcon,
  CheckCircleFillIcon,
  ClockIcon,
  DotFillIcon,
  InboxIcon,
  NoEntryIcon,
  PauseIcon,
  QuestionIcon,
  SkipIcon,
  StopwatchIcon,
  XCircleFillIcon,
} from '@primer/octicons-react';
import type { ComponentType } from 'react';
import type { IconName } from '../words/states.ts';

interface IconProps {
  readonly size?: number;
  readonly className?: string;
}

export const icons: Readonly<Record<IconName, ComponentType<IconProps>>> = {
  check: CheckCircleFillIcon,
  clock: ClockIcon,
  'dead-letter': InboxIcon,
  dot: DotFillIcon,
  failed: XCircleFillIcon,
  'in-progress': DotFillIcon,
  'no-entry': NoEntryIcon,
  paused: PauseIcon,
  question: QuestionIcon,
  skip: SkipIcon,
  stop: BlockedIcon,
  stopwatch: StopwatchIcon,
  warning: AlertIcon,
};
