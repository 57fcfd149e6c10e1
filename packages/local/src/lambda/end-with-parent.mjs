// Preloaded into every child process, so that it exits when its parent is killed. Otherwise it would keep ports and files
// open.
process.on('disconnect', () => process.exit(1));
