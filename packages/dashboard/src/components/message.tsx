import { Fragment } from 'react';
import styles from './message.module.css';

/** A name such as `octo-org/app:ci.yml`. */
const name = /(\S+\/\S+)/;

/** A message of the API: what stands between backticks is code, and names are not broken at their hyphens. */
export const Message = ({ text }: { readonly text: string }) => (
  <>
    {text.split('`').map((part, index) => {
      const key = `${index} ${part}`;
      return index % 2 === 1 ? <code key={key}>{part}</code> : <Words key={key} text={part} />;
    })}
  </>
);

const Words = ({ text }: { readonly text: string }) => (
  <>
    {text.split(name).map((part, index) => {
      const key = `${index} ${part}`;
      if (index % 2 === 0) return <Fragment key={key}>{part}</Fragment>;
      return (
        <span key={key} className={styles.name}>
          {part}
        </span>
      );
    })}
  </>
);
