import { Fragment } from 'react';

/** A message of the API: what stands between backticks is code. */
export const Message = ({ text }: { readonly text: string }) => (
  <>
    {text.split('`').map((part, index) => {
      const key = `${index} ${part}`;
      return index % 2 === 1 ? <code key={key}>{part}</code> : <Fragment key={key}>{part}</Fragment>;
    })}
  </>
);
