// Loaded before a demo: what the learner's code throws is said in a line, with its place in the learner's file.

process.on('uncaughtException', (error: unknown) => {
  process.stderr.write(`\n${sentenceOf(error)}\n`)
  process.exit(1)
})

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return `your code threw ${JSON.stringify(error)}, which is no Error`
  if (error.name === 'Todo') return `${error.message}. Write it first, then look at what it does.`
  const { name, message, stack = '' } = error
  const [, place] = /\(?((?:file:\/\/)?[^\s(]*\/phases\/[^\s(]*\.ts:\d+:\d+)\)?/.exec(stack) ?? []
  return `${name}: ${message}${place === undefined ? '' : `\n at ${place.replace(/^.*\/phases\//, 'phases/')}`}`
}
