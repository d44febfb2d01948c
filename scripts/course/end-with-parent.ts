/**
 * Ends this process and its group when its input ends, which is when whoever started it is gone.
 */
// A process that is killed can kill nobody: without this, code that loops without an end goes on for as long as the machine is on.
export function endWithParent(): void {
  const { stdin } = process
  stdin.on('error', end).on('end', end).on('close', end).resume()
  if ('unref' in stdin) stdin.unref()
}

function end(): void {
  if (process.platform === 'win32') process.exit(1)
  process.kill(-process.pid, 'SIGKILL')
}
