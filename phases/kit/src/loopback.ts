import { Socket as UdpSocket } from 'node:dgram'
import { Socket } from 'node:net'
import { Failure } from './failure.ts'

// Loaded before every test file of the course. All peers live on this machine: whoever calls another one has a wrong address,
// and would learn it from a timeout, or from somebody else's server.

const LOOPBACK = /^(localhost|::1|(::ffff:)?127(\.\d+){3}|)$/i

/** Test files may share a thread, and it is watched once. */
const WATCHED = Symbol.for('course.loopback')
const shared = globalThis as { [WATCHED]?: true }
if (!shared[WATCHED]) watch()

function watch(): void {
  shared[WATCHED] = true
  const { connect } = Socket.prototype
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    refuseFar(hostOf(args))
    return Reflect.apply(connect, this, args)
  }
  const { send } = UdpSocket.prototype
  UdpSocket.prototype.send = function (this: UdpSocket, ...args: unknown[]): void {
    refuseFar(args.slice(1).find((arg) => typeof arg === 'string'))
    Reflect.apply(send, this, args)
  }
}

/** The host in the arguments of `connect`, in each of the ways that node:net knows; none for a path, or for the default. */
function hostOf([first, second]: readonly unknown[]): unknown {
  if (Array.isArray(first)) return hostOf(first) // as net.connect hands them on
  if (typeof first === 'object' && first !== null) return 'host' in first ? first.host : undefined
  return typeof first === 'number' ? second : undefined
}

function refuseFar(host: unknown): void {
  if (typeof host !== 'string' || LOOPBACK.test(host)) return
  throw new Failure(`it calls ${host}: everything in this course lives on 127.0.0.1`)
}
