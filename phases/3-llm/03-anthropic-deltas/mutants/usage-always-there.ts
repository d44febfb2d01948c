import type { FromAnthropic, ParsedEvent } from '../contract.ts'
import { fromAnthropic as right } from '../solution.ts'

export const fromAnthropic: FromAnthropic = (events) => right(counted(events))

async function* counted(events: AsyncIterable<ParsedEvent>): AsyncGenerator<ParsedEvent> {
  for await (const event of events) {
    if (event.type === 'message_delta') JSON.parse(event.data).usage.output_tokens
    yield event
  }
}
