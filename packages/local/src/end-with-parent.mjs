// Preloaded into every child process: where the parent is killed it can stop nobody, and what it left running would
// keep ports and files.
process.on('disconnect', () => process.exit(1));
