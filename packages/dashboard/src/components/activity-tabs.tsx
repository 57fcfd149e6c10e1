import { Link } from '@tanstack/react-router';
import styles from './activity-tabs.module.css';

/** Two views of the same: one row for each run, or one row for each delivery with what was not planned. */
export function RunTabs() {
  return (
    <nav className={styles.tabs} aria-label="Lists of runs">
      <Link to="/runs" activeOptions={{ exact: true, includeSearch: false }} className={styles.tab ?? ''}>
        Runs
      </Link>
      <Link to="/deliveries" activeOptions={{ exact: true, includeSearch: false }} className={styles.tab ?? ''}>
        Deliveries
      </Link>
    </nav>
  );
}
