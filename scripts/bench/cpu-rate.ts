/**
 * Repeats `work` until this process has used `seconds` of CPU time, and returns how much was done per CPU second:
 * `work` returns how much that was.
 *
 * CPU time, not the clock's: other programs, and a peer in another process, then do not count. Garbage collection,
 * compilation and what the kernel does for us do.
 */
export async function perCpuSecond(seconds: number, work: () => Promise<number> | number): Promise<number> {
  const wanted = seconds * 1e6
  const from = process.cpuUsage()
  for (let done = 0; ; ) {
    const result = work()
    done += typeof result === 'number' ? result : await result
    const { user, system } = process.cpuUsage(from)
    if (user + system >= wanted) return done / ((user + system) / 1e6)
  }
}
