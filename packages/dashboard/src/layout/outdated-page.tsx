import { AlertIcon } from '@primer/octicons-react';
import { Button } from '@primer/react';
import { useState } from 'react';
import type { Schemas } from '../api/client.ts';
import { useHealth } from '../api/session.ts';
import { isOtherBuild } from '../words/page-version.ts';
import styles from './layout.module.css';

/** Says that the page is older than the API, after a deployment. It never reloads by itself: somebody may be writing. */
export function OutdatedPage() {
  const { data: now } = useHealth();
  const [first, setFirst] = useState<Schemas['HealthResponse']>();
  if (now === undefined) return null;
  if (first === undefined) setFirst(now);
  if (!isOtherBuild(import.meta.env.VITE_VERSION, first ?? now, now)) return null;
  return (
    <div className={styles.outdated} role="status">
      <AlertIcon size={16} />
      <span>Dispatcher now runs another version than this page.</span>
      <Button size="small" onClick={() => window.location.reload()}>
        Reload
      </Button>
    </div>
  );
}
