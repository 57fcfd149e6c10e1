import { type ReactNode, useId } from 'react';
import styles from './try-it.module.css';

interface FieldProps {
  readonly label: string;
  readonly problem?: string | undefined;
  readonly children: (id: string) => ReactNode;
}

/** A labelled field. Primer's FormControl would add 30 KB to the page. */
export function Field({ label, problem, children }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {problem === undefined ? null : (
        <span role="alert" className={styles.fieldProblem}>
          {problem}
        </span>
      )}
    </div>
  );
}
