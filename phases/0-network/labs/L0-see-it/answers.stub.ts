import { todo } from '@sse-from-scratch/course'
import type { Answers } from './contract.ts'

// Run the lab, look, and put your answers in the place of todo(…).
export const answers: Answers = {
  handshake: () => todo('L0 handshake'), // () => ['S', …]
  clientPort: () => todo('L0 clientPort'),
  requestPacket: () => todo('L0 requestPacket'),
  requestBytes: () => todo('L0 requestBytes'),
  firstFin: () => todo('L0 firstFin'), // () => 'client'
  packetsWithData: () => todo('L0 packetsWithData'),
}
