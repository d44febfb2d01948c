import type { SkippedRace } from './race.ts'

/** What a process has open besides its connections. */
const OTHERS = 100

/** The race, or why it cannot be run here: each connection is an open file, in the server and in its clients. */
export function withOpenFiles<Course extends { readonly title: string }>(
  connections: number,
  course: Course,
): Course | SkippedRace {
  const needed = connections + OTHERS
  if (openFilesAllowed() >= needed) return course
  return { title: course.title, skipped: `needs ${needed} open files: ulimit -n ${needed}` }
}

/** `unlimited` where it is, and nothing at all where there is no such limit. */
function openFilesAllowed(): number {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } }
  const soft = report.userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY
}
