/**
 * Carries bytes from a Unix socket, which every network shares, to a TCP port of the network it runs in:
 * `node relay.ts SOCKET PORT`.
 */
import { connect, createServer } from 'node:net'

const [socket = '', port = ''] = process.argv.slice(2)

createServer((incoming) => {
  const outgoing = connect(Number(port), '127.0.0.1')
  incoming.pipe(outgoing).pipe(incoming)
  // Either side may break off, as tests provoke: then the other ends, too.
  incoming.on('error', () => outgoing.destroy())
  outgoing.on('error', () => incoming.destroy())
}).listen(socket)
