// Preloaded into every child process, so that it exits when its parent is killed. Otherwise it would keep ports and files
// open.
process.on('disconnect', () => process.exit(1));
// The listener above makes the channel keep this process alive, also after its work has ended or failed.
process.channel?.unref();
