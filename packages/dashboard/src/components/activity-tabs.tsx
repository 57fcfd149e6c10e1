import { Link } from '@tanstack/react-router';
import styles from './activity-tabs.module.css';

/** Views of the same: a row for each run, for each delivery with what was not planned, or for each fact. */
export function RunTabs() {
  return (
    <nav className={styles.tabs} aria-label="Lists of runs">
      <Link to="/runs" activeOptions={{ exact: true, includeSearch: false }} className={styles.tab ?? ''}>
        Runs
      </Link>
      <Link to="/deliveries" activeOptions={{ exact: true, includeSearch: false }} className={styles.tab ?? ''}>
        Deliveries
      </Link>
      <Link to="/activity" activeOptions={{ exact: true, includeSearch: false }} className={styles.tab ?? ''}>
        Activity
      </Link>
    </nav>
  );
}
