// A server that looks for blank lines, and gives the same answer to each.
import type { AddressInfo } from 'node:net'
import { sayReady } from './child.ts'
import { createAnsweringServer } from './http-answering.ts'

const server = createAnsweringServer()
server.listen(0, '127.0.0.1', () => sayReady((server.address() as AddressInfo).port))
