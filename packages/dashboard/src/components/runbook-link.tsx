import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { partsOfRunbook, titleOfRunbook } from '../words/runbooks.ts';

interface RunbookLinkProps {
  /** Its file and heading: `alarms.md#outdated-data`. */
  readonly runbook: string;
  /** The title of the runbook by default. */
  readonly children?: ReactNode;
}

/** A link to a runbook, which is a page of the dashboard. */
export function RunbookLink({ runbook, children = titleOfRunbook(runbook) }: RunbookLinkProps) {
  const { page, heading } = partsOfRunbook(runbook);
  return (
    <Link to="/runbook/$page" params={{ page }} hash={heading} data-action>
      {children}
    </Link>
  );
}
