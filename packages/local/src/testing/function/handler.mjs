// Does what its event says, so that a test can make a function respond, fail, hang or crash.
if (process.env.GREETING === undefined) throw new Error('GREETING is missing.');

export async function handler(event, context) {
  if (event.do === 'fail') throw new TypeError('the event requested a failure');
  if (event.do === 'die') process.kill(process.pid, 'SIGKILL');
  if (event.do === 'hang') await new Promise((resolve) => setTimeout(resolve, 60_000));
  console.log(`${process.env.GREETING} ${event.do}`);
  return {
    process: process.pid,
    function: context.functionName,
    remaining: context.getRemainingTimeInMillis(),
    echo: event.do,
  };
}
