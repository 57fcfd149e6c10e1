// What a failing route is: the API says of each route whether it is one, and filters by it.

/** The title of a list of failing routes. */
export const failingTitle = 'Failing routes';

/** What makes a route a failing one. A refused route is not failing. */
export const failingSentence =
  'The newest result is a dispatch that failed, or a run that failed, timed out or did not start';
