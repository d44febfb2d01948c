import type { Answers } from './contract.ts'

export const answers: Answers = {
  handshake: () => ['S', 'S.', '.'], // SYN, SYN with ACK, ACK
  clientPort: () => 40302, // the kernel's choice; 8080 is the server's
  requestPacket: () => 4, // the first with data
  requestBytes: () => 83,
  firstFin: () => 'server', // it said Connection: close, and closes
  packetsWithData: () => 2, // one there, one back
}
